// The leaderboard's csv, the same text as `bench leaderboard --format csv` prints.
// A line is what differs from the line before it, between what both begin and end with.
function csvOf(task) {
  const bodies = task ? [data.csv.tasks[task]] : Object.values(data.csv.tasks);
  const linesOf = (body) => {
    let last = data.csv.header;
    return body.map(([begin, middle, end]) => {
      last = last.slice(0, begin) + middle + last.slice(last.length - end);
      return last;
    });
  };
  return data.csv.header + bodies.flatMap(linesOf).join('');
}

function download(task) {
  const blob = new Blob([csvOf(task)], { type: 'text/csv;charset=utf-8' });
  const name = ['leaderboard', ...decodeURIComponent(task).split('/').filter(Boolean)].join('-');
  const link = element('a', { href: URL.createObjectURL(blob), download: `${name}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(link.href);
}

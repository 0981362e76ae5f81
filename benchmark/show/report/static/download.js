// The leaderboard's csv, the same text as `bench leaderboard --format csv` prints.
function csvOf(task) {
  const bodies = task ? [data.csv.tasks[task]] : Object.values(data.csv.tasks);
  return data.csv.header + bodies.join('');
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

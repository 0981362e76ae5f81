// The tables over the chosen tasks, built anew for every choice.
const VIEWS = ['raw', 'minmax', 'control'];
const AVERAGES = {
  headline: ['Headline', '↑', 3],
  rank: ['Avg Rank', '↓', 2],
  score: ['Avg Score', '↑', 2],
  gain: ['Avg Gain', '↑', 2],
};

const byView = (make) => Object.fromEntries(VIEWS.map((view) => [view, make(view)]));

function inViews(views) {
  return VIEWS.map((view) => element('span', { class: `in-${view}` }, views[view]));
}

// Entries of numbers, the best of those that compete in bold.
function entriesOf(values, standings, arrow, digits) {
  const own = values.filter((value, i) => standings[i].section === 0 && value !== null);
  const best = arrow === '↓' ? Math.min(...own) : Math.max(...own);
  return values.map((value, i) => {
    const text = fixed(value, digits);
    const first = standings[i].section === 0 && isNumber(value) && Math.abs(value - best) < 1e-12;
    return first ? element('b', {}, text) : text;
  });
}

function cellOf(column, i) {
  const { entries, shades, titles, all, links } = column;
  const made = element('td', { class: column.group });
  if (shades && isNumber(shades[i])) {
    made.style.setProperty('--s', Math.min(Math.max(shades[i], 0), 1).toFixed(2));
  }
  if (titles?.[i]) made.title = titles[i];
  if (all) made.dataset.all = all[i];
  const inside = Array.isArray(entries) ? [entries[i]] : inViews(byView((view) => entries[view][i]));
  const mark = column.flagged?.[i] ? element('sup', {}, '†') : null;
  // null leads nowhere; without links a cell leads where its row and column do
  const link = links?.[i];
  const kind = link === null ? { class: 'bare' } : link ? { href: `#${link}` } : {};
  made.append(element('a', kind, ...inside, mark));
  return made;
}

function headOf({ heading, group, arrows = '', metric, title }) {
  const own = typeof arrows === 'string' ? byView(() => arrows) : arrows;
  const made = element('th', { scope: 'col', class: group }, element('button', { type: 'button' }, heading));
  made.firstChild.append(...inViews(byView((view) => ` ${own[view]}`)));
  Object.assign(made.dataset, own, metric && { metric });
  if (title) made.title = title;
  return made;
}

function boardOf(key, caption, columns, standings) {
  const corner = headOf({ heading: 'Method', group: '' });
  const rows = standings.map(({ method, section }, i) => {
    const marks = method.badges.map(({ text, remark, kind }) =>
      element('span', { class: `badge ${kind}`, title: remark }, text),
    );
    const name = element('a', { href: `#${method.address}` }, method.label);
    const row = element('tr', {}, element('th', { scope: 'row' }, name, ...marks));
    row.append(...columns.map((column) => cellOf(column, i)));
    Object.assign(row.dataset, { label: method.label, section: data.rules.sections[section] });
    if (method.submitted) row.dataset.submitted = '';
    return row;
  });
  const head = element('tr', {}, corner, ...columns.map(headOf));
  const table = element('table', { class: 'board', 'data-key': key });
  table.append(element('caption', {}, ...inViews(caption)), element('thead', {}, head));
  table.append(element('tbody', {}, ...rows));
  startTable(table);
  return element('div', { class: 'scroll', role: 'region', 'aria-label': caption.raw }, table);
}

function byTask(found, tasks) {
  const { standings, leading, asked } = found;
  const ofView = { raw: leading, minmax: 'score', control: 'gain' };
  const averages = [...new Set([leading, 'rank', 'score', 'gain'])].map((which) => {
    const [heading, arrows, digits] = AVERAGES[which];
    const entries = entriesOf(standings.map((own) => own[which]), standings, arrows, digits);
    return { heading: `Mean ${heading}`, group: 'aggregate', arrows, entries };
  });
  const places = {
    heading: 'Rank',
    group: 'aggregate',
    arrows: '↓',
    title: '1 and the number of methods that are better beyond chance',
    entries: entriesOf(standings.map((own) => own.place), standings, '↓', 0),
  };
  const intervals = {
    heading: 'Interval',
    group: 'aggregate',
    arrows: '↑',
    entries: standings.map(({ interval }) => interval?.map((end) => fixed(end, 2)).join(' to ') ?? '–'),
  };
  const [first, ...others] = averages;
  const shaded = leading === 'rank' ? 'score' : leading;
  const ofTasks = tasks.map((task, t) => ({
    heading: task.name,
    group: 'scored',
    arrows: byView((view) => AVERAGES[ofView[view]][1]),
    entries: byView((view) => {
      const [, arrow, digits] = AVERAGES[ofView[view]];
      return entriesOf(standings.map((own) => own.values[t][ofView[view]]), standings, arrow, digits);
    }),
    shades: standings.map(({ i, values }) => (task.sections[i] === 0 ? values[t][shaded] : null)),
    titles: standings.map(({ i }) => (task.sections[i] === null ? 'not run on this task' : '')),
    links: standings.map(({ i, method }) =>
      task.sections[i] === null ? null : `${task.address}/${method.address.split('/')[3]}`,
    ),
  }));
  const runs = standings.map(({ i }) => {
    const own = tasks.map((task) => task.runs[i]).filter(Boolean);
    return [0, 1].map((which) => own.reduce((sum, pair) => sum + pair[which], 0));
  });
  const all = (names) => names.length === (asked.length || tasks.length);
  const coverage = [
    {
      heading: 'Runs',
      group: 'coverage',
      entries: runs.map((pair) => pair.join('/')),
      all: runs.map(([done, of]) => done / of),
    },
    {
      heading: 'Missing',
      group: 'coverage',
      entries: standings.map(({ missing }) => (all(missing) ? 'all' : missing.join(', ') || '–')),
      all: standings.map(({ missing }) => missing.length),
      links: standings.map(() => null),
    },
  ];
  const columns = asked.length ? [places, first, intervals, ...others] : averages;
  const caption = byView((view) => `${AVERAGES[ofView[view]][0]} on every tissue`);
  return boardOf('/', caption, [...columns, ...ofTasks, ...coverage], standings);
}

function byMetric({ standings }, tasks, chosen, everything) {
  const placeIn = (task, name) => task.metrics.findIndex((metric) => metric.name === name);
  const shown = new Map(
    tasks
      .flatMap((task) => task.metrics)
      .filter(({ name }) => chosen.has(name) || (everything && !counted.has(name)))
      .map((metric) => [metric.name, metric]),
  );
  const [everywhere, elsewhere] = [true, false].map((whole) =>
    [...shown.values()].filter(
      ({ name }) => tasks.every((task) => placeIn(task, name) >= 0) === whole,
    ),
  );
  everywhere.sort((one, other) => other.headline - one.headline);
  const columns = everywhere.map((metric) => {
    const places = tasks.map((task) => placeIn(task, metric.name));
    const scales = tasks.map((task, t) => scaleAndRank(task, places[t], data.rules).scaled);
    const valueOf = (view, t, i) => {
      const value = tasks[t].means[i]?.[places[t]] ?? null;
      if (view === 'minmax') return scales[t][i];
      if (view === 'raw' || value === null) return value;
      const own = tasks[t].metrics[places[t]];
      return own.scale ? Math.max(controlScaled(own, value), data.rules.floor) : null;
    };
    const meansOf = (view) =>
      standings.map(({ i }) => mean([...tasks.keys()].map((t) => valueOf(view, t, i))));
    const arrows = byView((view) => (view === 'raw' && !metric.higher ? '↓' : '↑'));
    return {
      heading: metric.label,
      group: metric.scored ? 'scored' : 'extra',
      metric: metric.name,
      arrows,
      entries: byView((view) => entriesOf(meansOf(view), standings, arrows[view], 3)),
      shades: meansOf('minmax'),
      flagged: standings.map(({ i }) => tasks.some((task) => task.flagged[i]?.includes(metric.name))),
    };
  });
  const caption = {
    raw: 'Mean over tissues of the means over seeds',
    minmax: 'Mean over tissues of the min-max scaled values',
    control: `Mean over tissues of the control-scaled values, below ${data.rules.floor} cut`,
  };
  const notes = elsewhere.map(({ label }) => `${label}: not on every tissue, no mean`);
  return [boardOf('metrics', caption, columns, standings), listOf(notes)];
}

const listOf = (notes) =>
  element('ul', { class: 'notes' }, ...notes.map((note) => element('li', {}, note)));

function wins({ standings }, tasks, chosen) {
  const competing = standings.filter(({ section }) => section === 0);
  const rates = winRates(tasks, chosen, competing.map(({ i }) => i));
  const total = rates.map((row) => mean(row.filter(isNumber)) ?? 0);
  const order = [...competing.keys()].sort((one, other) => total[other] - total[one]);
  const name = (k) => competing[k].method.label;
  const head = element('tr', {}, element('th', { scope: 'col' }, 'Method'));
  head.append(...order.map((k) => element('th', { scope: 'col' }, name(k))));
  const rows = order.map((k) => {
    const cells = order.map((m) => {
      const made = element('td', {}, fixed(rates[k][m], 2));
      if (isNumber(rates[k][m])) made.style.setProperty('--s', rates[k][m].toFixed(2));
      return made;
    });
    return element('tr', {}, element('th', { scope: 'row' }, name(k)), ...cells);
  });
  const caption = 'Share of tissues and questions on which the row beats the column; ties count half';
  const table = element('table', { class: 'sheet plain' }, element('caption', {}, caption));
  table.append(element('thead', {}, head), element('tbody', {}, ...rows));
  return element('div', { class: 'scroll', role: 'region', 'aria-label': 'Wins', tabindex: 0 }, table);
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// The headline of every method with its interval.
function chart(standings) {
  const shown = standings.filter(({ headline }) => headline !== null);
  const ends = shown.flatMap(({ headline, interval }) => interval ?? [headline]);
  const [low, high] = [Math.min(0, ...ends), Math.max(...ends, 0.1)];
  // no wider than a small screen, where its text would shrink
  const [left, width, step] = [150, Math.min(620, innerWidth - 30), 22];
  const x = (value) => left + ((value - low) / (high - low)) * (width - left - 20);
  const height = shown.length * step + 26;
  const label = 'Headline of every method with its interval; the table has the numbers';
  const drawn = svg('svg', { viewBox: `0 0 ${width} ${height}`, class: 'chart', role: 'img', 'aria-label': label });
  const unit = high - low > 0.6 ? 0.2 : high - low > 0.25 ? 0.1 : 0.05;
  for (let tick = Math.ceil(low / unit) * unit; tick <= high + 1e-9; tick += unit) {
    drawn.append(
      svg('line', { x1: x(tick), x2: x(tick), y1: 0, y2: height - 22, class: Math.abs(tick) < 1e-9 ? 'zero' : 'grid' }),
      svg('text', { x: x(tick), y: height - 6, 'text-anchor': 'middle' }, fixed(tick, 2)),
    );
  }
  shown.forEach(({ method, section, headline, interval }, k) => {
    const y = k * step + step / 2;
    const row = svg('g', { class: section ? 'apart' : 'own' });
    row.append(svg('text', { x: left - 10, y: y + 4, 'text-anchor': 'end' }, method.label));
    if (interval) row.append(svg('line', { x1: x(interval[0]), x2: x(interval[1]), y1: y, y2: y }));
    row.append(svg('circle', { cx: x(headline), cy: y, r: 4.5 }));
    drawn.append(row);
  });
  return drawn;
}

function showOverview(tasks, chosen, everything) {
  const place = document.getElementById('overall');
  if (!tasks.length || !chosen.size) {
    place.replaceChildren(element('p', {}, 'Choose at least one tissue and one metric.'));
    return;
  }
  const places = data.methods.map((method) => ({
    place: method.place.rank,
    interval: method.place.interval,
  }));
  const found = compareMethods(data, tasks, chosen, everything && places);
  const heading = (text) => element('h3', {}, text);
  const parts = [heading('By tissue'), byTask(found, tasks)];
  const notes = document.getElementById('notes').content;
  if (everything) parts.push(notes.cloneNode(true));
  const drawn = found.asked.length ? [chart(found.standings)] : [];
  document.getElementById('chart').replaceChildren(...drawn);
  parts.push(heading('By metric'), ...byMetric(found, tasks, chosen, everything));
  if (found.asked.length) parts.push(heading('Wins'), wins(found, found.asked, chosen));
  place.replaceChildren(...parts);
  prepareTables(place);
}

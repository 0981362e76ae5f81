// The runs behind a number: /tissue/source/method or /tissue/source/method/metric.
const panel = document.getElementById('panel');

// /*/*/method stands for the method on every task
function rowsOf(tissue, source, label) {
  const one = `/${tissue}/${source}/${label}`;
  if (tissue !== '*') return one in data.rows ? [one] : [];
  return Object.keys(data.rows).filter((row) => row.split('/')[3] === label);
}

function remarkOf(run, metric) {
  if (run.status !== 'ok') return run.reason || '';
  const result = run.metrics[metric];
  if (!result) return 'not computed';
  const status = result.status === 'ok' ? '' : result.status.replace('_', ' ');
  return [status, result.flag].filter(Boolean).join(': ');
}

function recordDetails(run) {
  const { params, ...method } = run.method;
  const { packages, ...environment } = run.environment;
  const part = (title, ...inside) => [element('h4', {}, title), ...inside];
  const known = ['metrics', 'task', 'method', 'environment', 'traceback', 'cost', 'reason'];
  const rest = Object.entries(run).filter(([name]) => !known.includes(name));
  const metrics = Object.entries(run.metrics).map(([name, { value, flag, status }]) => {
    const remark = [status === 'ok' ? '' : status, flag].filter(Boolean).join(': ');
    return [data.labels[name], `${value ?? '–'}${remark ? ` (${remark})` : ''}`];
  });
  return [
    ...part('Run', definitions(rest)),
    ...(run.reason ? part('Reason', element('p', {}, run.reason)) : []),
    ...(run.traceback ? part('Traceback', element('pre', {}, run.traceback)) : []),
    ...(metrics.length ? part('Metrics', definitions(metrics)) : []),
    ...part('Parameters', definitions(Object.entries(params))),
    ...part('Method', definitions(Object.entries(method))),
    ...part('Cost', definitions(Object.entries(run.cost))),
    ...part('Data', definitions(Object.entries(run.task))),
    ...part('Environment', definitions(Object.entries(environment))),
    ...part('Packages', definitions(Object.entries(packages))),
  ];
}

function recordElement(run, metric) {
  const result = metric ? run.metrics[metric] : undefined;
  const summary = element(
    'summary',
    {},
    element('span', { class: 'seed' }, `seed ${run.seed}`),
    element('span', { class: `status ${run.status}` }, run.status),
    metric ? element('span', { class: 'value' }, number(result?.value)) : null,
    element('span', {}, seconds(run.cost.fit_seconds)),
    element('span', { title: 'memory that the run added' }, memoryAdded(run.cost)),
    element('span', { class: 'remark' }, metric ? remarkOf(run, metric) : run.reason || ''),
  );
  const details = element('details', { class: 'run', 'data-run': run.run_id }, summary);
  details.addEventListener(
    'toggle',
    () => details.append(element('div', { class: 'record' }, ...recordDetails(run))),
    { once: true },
  );
  return details;
}

function summaryOf(address, metric) {
  const shown = document.querySelector(`td a[href="#${CSS.escape(address)}"]`);
  const task = data.tasks.find((own) => address.startsWith(`${own.address}/`));
  const facts = [['Shown', shown && (shown.querySelector('.in-raw') ?? shown).textContent]];
  const place = task?.metrics.findIndex((own) => own.name === metric) ?? -1;
  const i = data.methods.findIndex((own) => own.address.split('/')[3] === address.split('/')[3]);
  if (place >= 0 && i >= 0) {
    const { scaled, ranks } = scaleAndRank(task, place, data.rules);
    const value = task.means[i]?.[place];
    const own = task.metrics[place];
    facts.push(['Mean', value], ['Min-max scaled', scaled[i]], ['Rank', ranks[i]]);
    if (own.scale && isNumber(value)) facts.push(['Control-scaled', controlScaled(own, value)]);
  }
  return definitions([...facts, ['Remark', shown?.closest('td').title]]);
}

function closePanel() {
  if (panel.open) panel.close();
}

function openPanel(address) {
  const [, tissue, source, label, metric] = address.split('/');
  const rows = rowsOf(tissue, source, label);
  if (!rows.length || (metric && !(decodeURIComponent(metric) in data.labels))) return false;
  const name = metric && decodeURIComponent(metric);
  const title = [decodeURIComponent(label), name && data.labels[name]].filter(Boolean).join(' · ');
  document.getElementById('panel-title').textContent = title;
  const body = document.getElementById('panel-body');
  body.replaceChildren(...(metric ? [summaryOf(address, name)] : []));
  for (const row of rows) {
    const runs = data.rows[row].map(runAt);
    const { task } = runs[0];
    const link = element('a', { href: `#${row.split('/').slice(0, 3).join('/')}` }, task.tissue);
    body.append(element('h3', {}, link, ` (${task.source})`));
    body.append(...runs.map((run) => recordElement(run, name)));
  }
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  return true;
}

// A link to a page closes the panel too, and must keep its address.
function leavePanel() {
  if (!panel.open && !pageOf(addressed().path)) remember(current);
}

function startPanel() {
  panel.addEventListener('click', ({ target }) => {
    // the dialog itself is clicked only where its backdrop is
    if (target !== panel && target.id !== 'panel-close') return;
    closePanel();
    leavePanel();
  });
  // by the Escape key
  panel.addEventListener('close', leavePanel);
}

function listRecords() {
  const rows = [...data.runs.keys()].map((place) => {
    const run = runAt(place);
    const { tissue, source } = run.task;
    const made = element('details', { class: 'run', 'data-run': run.run_id });
    made.append(element('summary', {}, run.run_id));
    made.addEventListener(
      'toggle',
      () => made.append(element('div', { class: 'record' }, ...recordDetails(run))),
      { once: true },
    );
    const why = data.unused[place] || '';
    return [`${tissue} (${source})`, made, run.status, seconds(run.cost.fit_seconds), why];
  });
  const headings = ['Task', 'Run', 'Status', 'Time', 'Behind no number because'];
  const table = document.getElementById('every-record');
  table.replaceChildren(...dataTable(headings, rows));
  table.parentElement.hidden = false;
}

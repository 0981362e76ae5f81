document.documentElement.classList.add('scripted');

// Elements from data. Everything becomes text, never markup.
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

async function unpacked(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).json();
}
const data = await unpacked(document.getElementById('data').textContent);

// A run as its record has it.
function runAt(place) {
  const { shared: where, cost, metrics, ...own } = data.runs[place];
  const shared = data.shared[where];
  const costs = shared.cost.map((name, i) => [name, cost[i]]);
  const results = Object.entries(shared.metrics).map(([name, result], i) => [
    name,
    { ...result, value: metrics[i] },
  ]);
  return { ...own, ...shared, cost: Object.fromEntries(costs), metrics: Object.fromEntries(results) };
}

const readable = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

function definitions(entries) {
  const list = element('dl', { class: 'facts' });
  for (const [name, value] of entries) {
    if (value === undefined || value === null || value === '') continue;
    list.append(element('dt', {}, name), element('dd', {}, value.nodeType ? value : readable(value)));
  }
  return list;
}

function dataTable(headings, rows) {
  const cells = (tag, values, scope) =>
    values.map((value) => element(tag, scope ? { scope } : {}, value));
  const head = element('thead', {}, element('tr', {}, ...cells('th', headings, 'col')));
  const body = element('tbody', {}, ...rows.map((row) => element('tr', {}, ...cells('td', row))));
  return [head, body];
}

function number(value) {
  if (value === null || value === undefined) return '–';
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

function seconds(value) {
  if (value === undefined) return '–';
  return value < 100 ? `${value.toFixed(1)} s` : `${(value / 60).toFixed(1)} min`;
}

// As Cost.added_rss_bytes: absent where it was not measured.
function memoryAdded({ peak_rss_bytes: peak, base_rss_bytes: base }) {
  if (!peak || base === undefined) return 'memory not measured';
  return `+${Math.round(Math.max(peak - base, 0) / 1e6)} MB`;
}

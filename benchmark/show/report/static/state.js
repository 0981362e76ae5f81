// What is shown is in the address behind #: the page or the runs on it, then view, filter, orders
// and choice, so that a link, a reload and the browser's Back bring it again.
const root = document.documentElement;
const toolbar = document.getElementById('toolbar');
const pages = [...document.querySelectorAll('.page')];
let current = '/';
let state = {};

const pageOf = (address) => pages.find((page) => page.id === address);

function addressed() {
  const [path, query] = location.hash.slice(1).split('?');
  return { path: path || '/', query };
}

function readState(query) {
  const words = new URLSearchParams(query);
  const view = words.get('view');
  const orders = words.getAll('sort').map((text) => text.split('~'));
  state = {
    view: ['minmax', 'control'].includes(view) ? view : 'raw',
    name: words.get('name') ?? '',
    hide: words.getAll('hide'),
    // table -> [heading, direction]
    sort: new Map(orders.map(([key, heading, direction]) => [key, [heading, direction]])),
    // null is all of them
    tasks: words.has('task') ? words.getAll('task') : null,
    metrics: words.has('metric') ? words.getAll('metric') : null,
  };
}

function writtenState() {
  const words = new URLSearchParams();
  if (state.view !== 'raw') words.set('view', state.view);
  if (state.name) words.set('name', state.name);
  for (const kind of state.hide) words.append('hide', kind);
  for (const [key, order] of state.sort) words.append('sort', [key, ...order].join('~'));
  for (const name of state.tasks ?? []) words.append('task', name);
  for (const name of state.metrics ?? []) words.append('metric', name);
  return words.size ? `?${words}` : '';
}

// After a change by hand: a step that Back undoes, unless it replaces the last.
function remember(path = addressed().path, how = 'pushState') {
  history[how]({ written: true }, '', `#${path}${writtenState()}`);
}

function showPage(address) {
  current = address;
  root.dataset.page = address;
  for (const page of pages) page.hidden = page.id !== address;
  for (const link of document.querySelectorAll('nav a')) {
    const here = link.hash === `#${address}`;
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    if (here) link.parentElement.scrollLeft = link.offsetLeft - 40;
  }
  prepareTables(pageOf(address));
}

function follow(first) {
  const { path, query } = addressed();
  // a link says where to go, and keeps what was chosen
  if (first || query || history.state?.written) readState(query);
  if (location.hash) remember(path, 'replaceState');
  applyState();
  if (pageOf(path)) {
    closePanel();
    showPage(path);
    scrollTo(0, 0);
  } else {
    const task = path.split('/').slice(0, 3).join('/');
    if (first) showPage(pageOf(task) ? task : '/');
    if (!openPanel(path)) showPage('/');
  }
}

function applyState() {
  root.dataset.view = state.view;
  toolbar.querySelector(`[name=view][value=${state.view}]`).checked = true;
  document.getElementById('filter-name').value = state.name;
  for (const box of toolbar.querySelectorAll('[name=show]')) {
    box.checked = !state.hide.includes(box.value);
  }
  applyChoice();
  for (const table of document.querySelectorAll('table[data-key]')) order(table);
  filterRows();
}

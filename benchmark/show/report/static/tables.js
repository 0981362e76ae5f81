// Sort by a heading, show some rows, walk over cells by the arrow keys.
const headingOf = (th) => th.querySelector('button').firstChild.textContent.trim();

function sortKey(cell) {
  if (cell.dataset.all !== undefined) return Number(cell.dataset.all);
  const text = (cell.querySelector(`.in-${state.view}`) ?? cell).textContent.replace('<', '').trim();
  if (cell.tagName === 'TH') return text.toLowerCase();
  const value = parseFloat(text);
  return Number.isNaN(value) ? null : value;
}

// What has no number comes last in either direction; equal rows keep their first order.
function order(table) {
  const headings = [...table.tHead.rows[0].cells];
  const [name, direction] = state.sort.get(table.dataset.key) ?? [];
  if (!name && !table.ordered) return;
  table.ordered = name;
  for (const th of headings) th.removeAttribute('aria-sort');
  const column = headings.findIndex((th) => headingOf(th) === name);
  if (column >= 0) headings[column].setAttribute('aria-sort', direction);
  const sign = direction === 'descending' ? -1 : 1;
  const keyed = table.rowsAtFirst.map((row) => [column < 0 ? 0 : sortKey(row.cells[column]), row]);
  keyed.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (a < b ? -1 : Number(a > b));
  });
  table.tBodies[0].append(...keyed.map(([, row]) => row));
}

// First the best on top, then the worst, then as it was.
function sortBy(th) {
  const table = th.closest('table');
  const { key } = table.dataset;
  const name = headingOf(th);
  const best = th.dataset[state.view] === '↑' ? 'descending' : 'ascending';
  const [sorted, direction] = state.sort.get(key) ?? [];
  if (sorted !== name) state.sort.set(key, [name, best]);
  else if (direction !== best) state.sort.delete(key);
  else state.sort.set(key, [name, best === 'ascending' ? 'descending' : 'ascending']);
  order(table);
  remember();
}

function wanted(row) {
  const { label, section } = row.dataset;
  if (state.hide.includes(section)) return false;
  if ('submitted' in row.dataset && state.hide.includes('submitted')) return false;
  return label.toLowerCase().includes(state.name.trim().toLowerCase());
}

function filterRows() {
  const labels = { all: new Set(), visible: new Set() };
  for (const row of document.querySelectorAll('.board tbody tr')) {
    row.hidden = !wanted(row);
    labels.all.add(row.dataset.label);
    if (!row.hidden) labels.visible.add(row.dataset.label);
  }
  const count = `${labels.visible.size} of ${labels.all.size} rows`;
  document.getElementById('count').textContent = count;
}

const control = (cell) => cell?.querySelector('a[href], button');

// A row is one stop of the Tab key; within it and between rows the arrow keys move.
function moveBy(event) {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const step = steps[event.key];
  let cell = event.target.closest('th, td');
  if (!step || !cell) return;
  event.preventDefault();
  const rows = [...cell.closest('table').rows].filter((row) => !row.hidden);
  do {
    const row = rows[rows.indexOf(cell.parentElement) + step[0]];
    cell = row?.cells[cell.cellIndex + step[1]];
  } while (cell && !control(cell));
  control(cell)?.focus();
}

function stopAt(event) {
  const row = event.target.closest('tr');
  for (const other of row?.querySelectorAll('a, button') ?? []) other.tabIndex = -1;
  if (row) event.target.tabIndex = 0;
}

function startTable(table) {
  table.rowsAtFirst = [...table.tBodies[0].rows];
  table.addEventListener('keydown', moveBy);
  table.addEventListener('focusin', stopAt);
  table.tHead.addEventListener('click', (event) => {
    if (event.target.closest('button')) sortBy(event.target.closest('th'));
  });
}

// Links of cells are those of their row and column; a table gets them when it is first shown.
function prepareTables(page) {
  for (const table of page.querySelectorAll('table[data-key]:not(.prepared)')) {
    table.classList.add('prepared');
    const columns = [...table.tHead.rows[0].cells].map((th) => th.dataset.metric);
    for (const row of table.rows) {
      const address = row.querySelector('th a')?.hash;
      for (const cell of row.cells) {
        const link = cell.querySelector('td > a:not([href], .bare)');
        const metric = columns[cell.cellIndex];
        if (link) link.href = metric ? `${address}/${encodeURIComponent(metric)}` : address;
        const inside = control(cell);
        if (inside) inside.tabIndex = cell.cellIndex ? -1 : 0;
      }
    }
  }
}

function startTables() {
  for (const table of document.querySelectorAll('table[data-key]')) startTable(table);
  // a kind of rows that no table has needs no switch
  for (const box of toolbar.querySelectorAll('[name=show]')) {
    const found = `[data-section="${box.value}"], [data-${box.value}]`;
    box.parentElement.hidden = !document.querySelector(found);
  }
  toolbar.addEventListener('submit', (event) => event.preventDefault());
  toolbar.addEventListener('input', (event) => {
    const { name, value } = event.target;
    if (name === 'view') state.view = value;
    else if (name === 'show') {
      const boxes = [...toolbar.querySelectorAll('[name=show]:not(:checked)')];
      state.hide = boxes.map((box) => box.value);
    } else state.name = value;
    remember(undefined, name ? 'pushState' : 'replaceState');
    applyState();
  });
}

// Sort by a heading, show some rows, switch the view.
const root = document.documentElement;
const toolbar = document.getElementById('toolbar');

function sortKey(row, column) {
  const cell = row.cells[column];
  if (!cell.closest('.board')) {
    const value = parseFloat(cell.textContent.replace('<', ''));
    return Number.isNaN(value) ? cell.textContent : value;
  }
  if (column === 0) return row.dataset.label.toLowerCase();
  const value = cell.dataset.all ?? cell.dataset[root.dataset.view];
  return value === undefined ? null : Number(value);
}

function compare(a, b) {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === 'number' ? -1 : 1;
}

// What has no number comes last in either direction; equal rows keep their first order.
function order(table) {
  const body = table.tBodies[0];
  const { column, direction } = table.sorting;
  const sign = direction === 'descending' ? -1 : 1;
  const keyed = table.rowsAtFirst.map((row) => [column < 0 ? 0 : sortKey(row, column), row]);
  keyed.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * compare(a, b);
  });
  body.append(...keyed.map(([, row]) => row));
}

// First the best on top, then the worst, then as it was.
function nextSorting(sorting, column, arrow) {
  const best = arrow === '↑' ? 'descending' : 'ascending';
  const worst = arrow === '↑' ? 'ascending' : 'descending';
  if (sorting.column !== column) return { column, direction: best };
  return sorting.direction === best ? { column, direction: worst } : { column: -1, direction: '' };
}

function sortBy(heading) {
  const table = heading.closest('table');
  const arrow = heading.dataset[root.dataset.view];
  table.sorting = nextSorting(table.sorting, heading.cellIndex, arrow);
  for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
  if (table.sorting.column >= 0) heading.setAttribute('aria-sort', table.sorting.direction);
  order(table);
}

function wanted(row, name, shown) {
  const { label, section } = row.dataset;
  if (['controls', 'released'].includes(section) && !shown.has(section)) return false;
  if ('submitted' in row.dataset && !shown.has('submitted')) return false;
  return label.toLowerCase().includes(name);
}

function filterRows() {
  const name = document.getElementById('filter-name').value.trim().toLowerCase();
  const shown = new Set([...toolbar.querySelectorAll('[name=show]:checked')].map((box) => box.value));
  const labels = { all: new Set(), visible: new Set() };
  for (const row of document.querySelectorAll('.board tbody tr')) {
    row.hidden = !wanted(row, name, shown);
    labels.all.add(row.dataset.label);
    if (!row.hidden) labels.visible.add(row.dataset.label);
  }
  const count = `${labels.visible.size} of ${labels.all.size} rows`;
  document.getElementById('count').textContent = count;
}

function switchView() {
  root.dataset.view = toolbar.querySelector('[name=view]:checked').value;
  for (const table of document.querySelectorAll('.board')) order(table);
}

function startTables() {
  for (const table of document.querySelectorAll('table:not(.plain)')) {
    table.rowsAtFirst = [...table.tBodies[0].rows];
    table.sorting = { column: -1, direction: '' };
    table.tHead.addEventListener('click', (event) => {
      const heading = event.target.closest('th');
      if (heading && event.target.closest('button')) sortBy(heading);
    });
  }
  // a kind of rows that no table has needs no switch
  for (const box of toolbar.querySelectorAll('[name=show]')) {
    const found = `[data-section="${box.value}"], [data-${box.value}]`;
    box.parentElement.hidden = !document.querySelector(found);
  }
  for (const radio of toolbar.querySelectorAll('[name=view]')) {
    radio.addEventListener('change', switchView);
  }
  toolbar.addEventListener('input', filterRows);
  toolbar.addEventListener('submit', (event) => event.preventDefault());
  switchView();
  filterRows();
}

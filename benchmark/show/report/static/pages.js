// One page at a time; the part of the address behind # names the page, or runs on it.
const pages = [...document.querySelectorAll('.page')];
let current = '/';

const pageOf = (address) => pages.find((page) => page.id === address);

function showPage(address) {
  current = address;
  document.documentElement.dataset.page = address;
  for (const page of pages) page.hidden = page.id !== address;
  for (const link of document.querySelectorAll('nav a')) {
    const here = link.hash === `#${address}`;
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    if (here) link.parentElement.scrollLeft = link.offsetLeft - 40;
  }
}

function follow(first) {
  const address = location.hash.slice(1) || '/';
  if (pageOf(address)) {
    closePanel();
    showPage(address);
    if (!first) scrollTo(0, 0);
  } else if (openPanel(address)) {
    const task = address.split('/').slice(0, 3).join('/');
    if (first) showPage(pageOf(task) ? task : '/');
  } else {
    showPage('/');
  }
}

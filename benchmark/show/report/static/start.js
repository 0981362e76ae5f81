readState('');
startTables();
startPanel();
startChoice();
for (const button of document.querySelectorAll('.download')) {
  button.addEventListener('click', () => download(button.dataset.task));
}
document.querySelector('.skip').addEventListener('click', (event) => {
  // its address would be that of no page
  event.preventDefault();
  document.getElementById('main').focus();
});
document.getElementById('list-records').addEventListener('click', listRecords);
addEventListener('hashchange', () => follow(false));
follow(true);

readState('');
startTables();
startPanel();
startChoice();
for (const button of document.querySelectorAll('.download')) {
  button.addEventListener('click', () => download(button.dataset.task));
}
document.getElementById('list-records').addEventListener('click', listRecords);
addEventListener('hashchange', () => follow(false));
follow(true);

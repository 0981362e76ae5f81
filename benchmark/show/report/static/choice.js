// Which tasks and metrics the overview is of.
const choice = document.getElementById('choice');
const counted = new Map(
  data.tasks
    .flatMap((task) => task.metrics)
    .filter((metric) => metric.headline || metric.scored)
    .map((metric) => [metric.name, metric]),
);

function boxes(name, legend, options) {
  const made = options.map(([value, text]) =>
    element('label', {}, element('input', { type: 'checkbox', name, value }), ` ${text}`),
  );
  return made.length ? element('fieldset', {}, element('legend', {}, legend), ...made) : null;
}

function startChoice() {
  const metrics = (headline) =>
    [...counted.values()]
      .filter((metric) => metric.headline === headline)
      .map(({ name, label }) => [name, label]);
  choice.append(
    boxes('task', 'Tissues', data.tasks.map(({ name }) => [name, name])),
    ...[
      boxes('metric', 'Questions of the headline', metrics(true)),
      boxes('metric', 'Metrics of Avg Score and Avg Rank', metrics(false)),
    ].filter(Boolean),
    element('button', { type: 'reset' }, 'Choose all'),
  );
  choice.addEventListener('input', () => {
    const found = (name) => {
      const own = [...choice.querySelectorAll(`[name=${name}]`)];
      const checked = own.filter((box) => box.checked).map((box) => box.value);
      // nothing chosen is kept as nothing, not as all
      return checked.length === own.length ? null : checked.length ? checked : [''];
    };
    Object.assign(state, { tasks: found('task'), metrics: found('metric') });
    remember();
    applyState();
  });
  choice.addEventListener('reset', (event) => {
    event.preventDefault();
    Object.assign(state, { tasks: null, metrics: null });
    remember();
    applyState();
  });
}

let drawnChoice;

function applyChoice() {
  const { tasks, metrics } = state;
  for (const box of choice.querySelectorAll('input')) {
    const own = box.name === 'task' ? tasks : metrics;
    box.checked = !own || own.includes(box.value);
  }
  const wantedChoice = JSON.stringify([tasks, metrics]);
  if (wantedChoice === drawnChoice) return;
  drawnChoice = wantedChoice;
  const chosenTasks = data.tasks.filter(({ name }) => !tasks || tasks.includes(name));
  const chosenMetrics = [...counted.keys()].filter((name) => !metrics || metrics.includes(name));
  root.classList.toggle('partial', Boolean(tasks || metrics));
  if (tasks || metrics) document.getElementById('choose').open = true;
  document.getElementById('chosen').textContent = root.classList.contains('partial')
    ? `${chosenTasks.length} of ${data.tasks.length} tissues, ` +
      `${chosenMetrics.length} of ${counted.size} metrics`
    : '';
  showOverview(chosenTasks, new Set(chosenMetrics), !tasks && !metrics);
}

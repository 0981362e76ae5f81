// Averages of any choice of tasks and metrics, by the rules of benchmark/compare.
const isNumber = (value) => typeof value === 'number';

// As mean_of_all: what is missing is never averaged away.
function mean(values) {
  if (!values.length || !values.every(isNumber)) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

// As Python's format: a half goes to the even digit, and there is no negative zero.
function fixed(value, digits) {
  if (!isNumber(value)) return '–';
  let text = value.toFixed(digits);
  const exact = value.toFixed(digits + 60);
  if (/^50*$/.test(exact.slice(-60))) {
    const cut = exact.slice(0, -60);
    if (Number(cut.at(-1)) % 2 === 0) text = cut;
  }
  return /^-[0.]*$/.test(text) ? text.slice(1) : text;
}

// As aggregate.standings of one metric; `counts` says whether it enters averages.
function scaleAndRank(task, place, rules) {
  const sign = task.metrics[place].higher ? 1 : -1;
  const values = task.means.map((row) => (isNumber(row?.[place]) ? sign * row[place] : null));
  const competes = (i) => task.sections[i] === 0 && values[i] !== null;
  const own = values.filter((_, i) => competes(i));
  const [low, high] = [Math.min(...own), Math.max(...own)];
  const alike = !own.length || high - low <= rules.resolution;
  if (alike && own.length !== 1) {
    const nothing = values.map(() => null);
    return { scaled: nothing, ranks: nothing, counts: false };
  }
  const scale = (value, i) => {
    if (alike) return competes(i) ? 0 : null;
    return value === null ? null : (value - low) / (high - low);
  };
  const rank = (value) => {
    const above = own.filter((other) => other > value).length;
    return above + (own.filter((other) => other === value).length + 1) / 2;
  };
  return {
    scaled: values.map(scale),
    ranks: values.map((value, i) => (competes(i) ? rank(value) : null)),
    counts: true,
  };
}

const controlScaled = ({ scale }, value) => (value - scale[0]) / (scale[1] - scale[0]);

// Headline, Avg Score, Avg Rank and Avg Gain of every method on one task, null where it has none.
function averagesOf(task, chosen, rules) {
  const asked = (metric, place) =>
    chosen.has(metric.name) &&
    task.means.some((row, i) => task.sections[i] === 0 && isNumber(row[place]));
  const places = [...task.metrics.keys()].filter((place) => asked(task.metrics[place], place));
  const questions = places.filter((place) => task.metrics[place].headline);
  const scored = [...task.metrics.keys()].filter(
    (place) => task.metrics[place].scored && chosen.has(task.metrics[place].name),
  );
  const found = scored.map((place) => scaleAndRank(task, place, rules)).filter((own) => own.counts);
  const near = (value) =>
    isNumber(value) && Math.abs(value - 0.5) <= 0.5 + rules.farthest ? value : null;
  const onScale = scored.filter((place) => task.metrics[place].scale);
  const gain = (row, place) =>
    isNumber(row?.[place])
      ? Math.max(controlScaled(task.metrics[place], row[place]), rules.floor)
      : null;
  return {
    questions: questions.map((place) => task.metrics[place].name),
    headline: task.means.map((row) => mean(questions.map((place) => row?.[place] ?? null))),
    score: task.means.map((_, i) => mean(found.map((own) => near(own.scaled[i])))),
    rank: task.means.map((_, i) => mean(found.map((own) => own.ranks[i]))),
    gain: task.means.map((row) => mean(onScale.map((place) => gain(row, place)))),
  };
}

// Every method over the chosen tasks, best first: what the overview shows.
function compareMethods({ rules, methods }, tasks, chosen, places = null) {
  const found = tasks.map((task) => ({ task, ...averagesOf(task, chosen, rules) }));
  const asked = found.filter(({ task, headline }) =>
    headline.some((value, i) => value !== null && task.sections[i] === 0),
  );
  const leading = asked.length ? 'headline' : 'rank';
  const over = (which, i) => mean((which === 'headline' ? asked : found).map((own) => own[which][i]));
  const standings = methods.map((method, i) => ({ method, i })).filter(({ i }) =>
    tasks.some((task) => task.sections[i] !== null),
  );
  for (const own of standings) {
    own.section = Math.max(...tasks.map((task) => task.sections[own.i] ?? 0));
    for (const which of ['headline', 'score', 'rank', 'gain']) own[which] = over(which, own.i);
    own.values = found.map((averages) =>
      Object.fromEntries(
        ['headline', 'score', 'rank', 'gain'].map((which) => [which, averages[which][own.i]]),
      ),
    );
    own.missing = (asked.length ? asked : found)
      .filter((averages) => averages[asked.length ? 'headline' : 'score'][own.i] === null)
      .map(({ task }) => task.name);
  }
  const nowhere = { place: null, interval: null };
  const of = places || headlinePlaces(asked, standings, rules);
  for (const own of standings) Object.assign(own, of[own.i] ?? nowhere);
  const order = (own) => [
    own.section,
    Number((leading === 'rank' ? own.score : own.headline) === null),
    leading === 'headline' ? -(own.headline ?? 0) : 0,
    own.rank ?? 0,
    -(own.score ?? 0),
  ];
  standings.sort((one, other) => {
    const pairs = order(one).map((value, k) => value - order(other)[k]);
    return pairs.find((difference) => difference !== 0) ?? 0;
  });
  return { leading, asked: asked.map(({ task }) => task), standings };
}

// As headline.win_rates: how often each method beats each other one, null where they never meet.
function winRates(tasks, chosen, methods) {
  const cells = tasks.flatMap((task) =>
    [...task.metrics.keys()]
      .filter((place) => task.metrics[place].headline && chosen.has(task.metrics[place].name))
      .map((place) =>
        methods.map((i) => (task.sections[i] === 0 ? (task.means[i][place] ?? null) : null)),
      ),
  );
  const won = (one, other) => Number(one > other) + 0.5 * Number(one === other);
  return methods.map((_, i) =>
    methods.map((__, j) => {
      const both = cells.filter((cell) => i !== j && cell[i] !== null && cell[j] !== null);
      return mean(both.map((cell) => won(cell[i], cell[j])));
    }),
  );
}

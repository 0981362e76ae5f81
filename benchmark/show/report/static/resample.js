// Ranks and intervals by resampling tasks, then donors and seeds: as benchmark/compare/bootstrap.py.

// The Mersenne Twister (Matsumoto & Nishimura 1998), of 53 bits as numpy.random.RandomState has it.
function randomNumbers(seed) {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i++) {
    state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  }
  let next = 624;
  const twist = (i) => {
    const both = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff);
    state[i] = state[(i + 397) % 624] ^ (both >>> 1) ^ (both & 1 ? 0x9908b0df : 0);
  };
  const bits = () => {
    if (next === 624) {
      for (let i = 0; i < 624; i++) twist(i);
      next = 0;
    }
    let y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  return () => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
}

// How often each of n things is drawn when n are drawn with replacement, `size` times.
function drawCounts(random, n, size) {
  return Array.from({ length: size }, () => {
    const counts = new Uint16Array(n);
    for (let k = 0; k < n; k++) counts[Math.floor(n * random())]++;
    return counts;
  });
}

// Values of one question, donor by donor, without those that are missing.
function knownValues(bySeed) {
  const known = { donors: [], ends: [], seeds: [], values: [] };
  bySeed[0].forEach((_, donor) => {
    const seeds = [...bySeed.keys()].filter((seed) => bySeed[seed][donor] !== null);
    if (!seeds.length) return;
    known.seeds.push(...seeds);
    known.values.push(...seeds.map((seed) => bySeed[seed][donor]));
    known.donors.push(donor);
    known.ends.push(known.seeds.length);
  });
  return { ...known, values: Float64Array.from(known.values) };
}

// Their mean over the donors and seeds drawn; `otherwise` where nothing was.
function meanOfDrawn({ donors, ends, seeds, values }, drawnDonors, drawnSeeds, otherwise) {
  let sum = 0;
  let count = 0;
  for (let d = 0, k = 0; d < donors.length; d++) {
    let total = 0;
    let times = 0;
    for (; k < ends[d]; k++) {
      const drawn = drawnSeeds[seeds[k]];
      total += drawn * values[k];
      times += drawn;
    }
    const weight = drawnDonors[donors[d]];
    if (weight && times) {
      sum += weight * (total / times);
      count += weight;
    }
  }
  return count ? sum / count : otherwise;
}

// Headlines drawn again and again: by method one number for each resample.
function resampledHeadlines(asked, methods, { resamples }) {
  const random = randomNumbers(0);
  const drawn = drawCounts(random, asked.length, resamples);
  const sums = methods.map(() => new Float64Array(resamples));
  asked.forEach(({ task, questions }, t) => {
    const own = drawn.flatMap((counts, b) => Array(counts[t]).fill(b));
    const [[shape]] = task.parts;
    const donors = drawCounts(random, shape[0].length, own.length);
    const seeds = drawCounts(random, shape.length, own.length);
    methods.forEach((i, m) => {
      const of = questions.map((name) => ({
        known: knownValues(task.parts[i][task.questions.indexOf(name)]),
        mean: task.means[i][task.metrics.findIndex((metric) => metric.name === name)],
      }));
      own.forEach((b, k) => {
        let sum = 0;
        for (const { known, mean: otherwise } of of) {
          sum += meanOfDrawn(known, donors[k], seeds[k], otherwise);
        }
        sums[m][b] += sum / of.length;
      });
    });
  });
  return sums.map((of) => of.map((sum) => sum / asked.length));
}

// As numpy.quantile.
function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

// By method its rank and interval, as bootstrap.headline_places.
function headlinePlaces(asked, standings, rules) {
  const round = (value) => Number(value.toFixed(rules.digits));
  const whole = standings.filter((own) => asked.length && own.headline !== null);
  const hasParts = ({ i }) => {
    const [{ task, questions }] = asked;
    const known = (name) => task.parts[i][task.questions.indexOf(name)].flat().some(isNumber);
    return asked.length > 1 || questions.every(known);
  };
  const known = whole.filter(hasParts);
  const tail = (1 - rules.level) / 2;
  const drawn = resampledHeadlines(asked, known.map((own) => own.i), rules);
  const ends = (values) => {
    const sorted = values.slice().sort();
    return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
  };
  const at = new Map(known.map((own, k) => [own.i, k]));
  const better = new Set();
  known.forEach((one, j) =>
    known.slice(0, j).forEach((other, k) => {
      const [low, high] = ends(drawn[j].map((value, b) => value - drawn[k][b]));
      if (round(low) > 0) better.add(`${one.i} ${other.i}`);
      if (round(high) < 0) better.add(`${other.i} ${one.i}`);
    }),
  );
  const isBetter = (one, other) =>
    at.has(one.i) && at.has(other.i)
      ? better.has(`${one.i} ${other.i}`)
      : round(one.headline) > round(other.headline);
  const competes = ({ i }) => asked.every(({ task }) => !task.sections[i]);
  const ranked = whole.filter(competes);
  const places = {};
  for (const own of whole) {
    const ahead = ranked.filter((other) => other !== own && isBetter(other, own)).length;
    places[own.i] = {
      place: ranked.includes(own) ? 1 + ahead : null,
      interval: at.has(own.i) ? ends(drawn[at.get(own.i)]) : null,
    };
  }
  return places;
}

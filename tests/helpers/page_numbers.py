"""Ask the report's script, in Node.js, what it makes of a choice of tasks and metrics."""

import json
import shutil
import subprocess
from importlib.resources import files

NODE = shutil.which("node")
STATIC = files("genearena.benchmark.show.report") / "static"
ASK = """
const { data, choices, values } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const found = choices.map(({ tasks, metrics }) => {
  const own = data.tasks.filter((task) => tasks.includes(task.name));
  const chosen = new Set(metrics);
  const { standings } = compareMethods(data, own, chosen);
  const competing = standings.filter(({ section }) => section === 0);
  const text = (values, digits) => values.map((value) => fixed(value, digits));
  return {
    methods: standings.map(({ method, ...rest }) => ({
      label: method.label,
      place: rest.place,
      interval: rest.interval && text(rest.interval, 2),
      missing: rest.missing,
      headline: text([rest.headline, ...rest.values.map((of) => of.headline)], 3),
      score: text([rest.score, ...rest.values.map((of) => of.score)], 2),
      rank: text([rest.rank, ...rest.values.map((of) => of.rank)], 2),
      gain: text(rest.values.map((of) => of.gain), 3),
    })),
    wins: Object.fromEntries(
      winRates(own, chosen, competing.map(({ i }) => i)).map((row, k) => [
        competing[k].method.label,
        Object.fromEntries(row.map((rate, m) => [competing[m].method.label, fixed(rate, 2)])),
      ]),
    ),
  };
});
const rounded =
  values.length && [1, 2].map((digits) => values.map((value) => fixed(value, digits)));
console.log(JSON.stringify(rounded || found));
"""


def page_numbers(data, choices, values=()):
    """Return what the script computes of ``payload.numbers`` for choices, or values as texts."""
    script = "".join((STATIC / name).read_text() for name in ("numbers.js", "resample.js")) + ASK
    asked = json.dumps({"data": data, "choices": choices, "values": values})
    done = subprocess.run([NODE, "-e", script], input=asked, capture_output=True, text=True)
    assert not done.stderr, done.stderr
    return json.loads(done.stdout)

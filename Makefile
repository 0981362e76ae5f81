# Both targets need only Python 3.11 or newer, a C compiler and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
NODE2VEC := .venv-node2vec
SEEDS ?= 10
OUT ?= results
ATLAS ?= results/atlas
LEADERBOARD := results/leaderboard
SIMULATED := --source simulated --preset fast

.PHONY: demo atlas leaderboard timings test lint types imports pytest parity clean

## Run every method on the embedded lung task over ten seeds and print the leaderboard.
demo: $(VENV)/.installed
	$(BIN)/bench run --tissue lung --seeds $(SEEDS) --out $(OUT)
	$(BIN)/bench leaderboard --tissue lung --out $(OUT)

## Run everything on the ten simulated tissues (an hour or more; goes on where it stopped), then `leaderboard`.
atlas: $(VENV)/.installed
	$(BIN)/bench run --tissue all --methods all --seeds $(SEEDS) $(SIMULATED) --out $(ATLAS)
	$(MAKE) leaderboard

## Write the committed tables, figures and report from the runs in $(ATLAS), without running any.
leaderboard: $(VENV)/.installed
	$(BIN)/bench leaderboard --out $(ATLAS) --no-cost --format md --output $(LEADERBOARD)/tables.md
	$(BIN)/bench leaderboard --out $(ATLAS) --no-cost --format csv --output $(LEADERBOARD)/leaderboard.csv
	$(BIN)/bench stats --out $(ATLAS) --format md --output $(LEADERBOARD)/statistics.md
	$(BIN)/bench plot --out $(ATLAS) --figure overview --figure critical-difference \
	  --figure rank-stability --format png,svg --output $(LEADERBOARD)
	$(BIN)/bench plot --out $(ATLAS) --figure heatmap --tissue lung --output $(LEADERBOARD)
	$(BIN)/bench report --out $(ATLAS) --output $(LEADERBOARD)/report.html

## Time methods and metrics for the estimates of `bench run` (half an hour; writes benchmark/run/timings.csv).
timings: $(VENV)/.installed
	$(BIN)/python -m speed.timings

## Everything CI runs.
test: lint types imports pytest parity

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy --strict -p genearena

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports

pytest: $(VENV)/.installed-dev
	$(BIN)/pytest

# the node2vec package needs numpy<2, so its comparison lives in an environment of its own
parity: $(NODE2VEC)/.installed
	$(NODE2VEC)/bin/pytest tests/node2vec_parity

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) -c constraints.txt -e '.[dev]'
	touch $@

$(NODE2VEC)/.installed: pyproject.toml constraints-node2vec.txt
	$(PYTHON) -m venv $(NODE2VEC)
	$(NODE2VEC)/bin/python -m pip --disable-pip-version-check install --quiet -r constraints-node2vec.txt
	$(NODE2VEC)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps -e .
	touch $@

clean:
	rm -rf $(VENV) $(NODE2VEC)

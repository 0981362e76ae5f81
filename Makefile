# Both targets need only Python 3.11 or newer, a C compiler and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
NODE2VEC := .venv-node2vec
SEEDS ?= 10
OUT ?= results
ATLAS ?= results/atlas
HEATMAP ?= lung
LEADERBOARD := results/leaderboard
SIMULATED := --source simulated-scrna --preset fast
REAL ?= results/atlas-real
# the committed finished runs, without their vectors (GNU tar): what is there is not run again
unpacked = mkdir -p $(1); test ! -e $(2)/records.tar.xz || tar --skip-old-files -xJf $(2)/records.tar.xz -C $(1)

# workers of pytest
WORKERS ?= 2
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# a little of every package: what breaks most breaks here
QUICK := tests/data/test_store.py tests/data/test_build.py tests/data/common tests/methods/test_contract.py \
	tests/methods/test_pca.py tests/methods/test_registry.py tests/methods/test_controls.py tests/methods/test_gae.py \
	tests/metrics/test_edge_auc.py tests/metrics/test_embedding_space.py tests/metrics/test_cgr.py \
	tests/benchmark/records/test_results.py tests/benchmark/records/test_migrations.py \
	tests/benchmark/run/test_plan.py tests/benchmark/run/test_request.py \
	tests/benchmark/compare/test_leaderboard.py tests/benchmark/test_tables.py
LOWEST := .venv-lowest

.PHONY: demo atlas atlas-real biology-real reproduce leaderboard tables catalogue timings speed processors test quick lint types imports dependencies
.PHONY: pytest parity docs coverage lowest clean

## Run every method on the embedded lung task over three seeds and print the leaderboard.
demo: SEEDS = 3
demo: $(VENV)/.installed
	$(BIN)/bench run --tissue lung --seeds $(SEEDS) --out $(OUT)
	$(BIN)/bench leaderboard --tissue lung --out $(OUT)

## Run everything on the ten simulated tissues (two hours or more; goes on where it stopped), then `leaderboard`.
atlas: $(VENV)/.installed
	$(call unpacked,$(ATLAS),results/leaderboard)
	$(BIN)/bench run --tissue all --methods default,released --seeds $(SEEDS) $(SIMULATED) --out $(ATLAS)
	$(MAKE) leaderboard

## Build the tasks of real data from the counts in DATA=FOLDER (results/real/README.md names the files), run all
## methods on them (hours; goes on where it stopped) and write the tables and figures of results/real.
atlas-real: $(VENV)/.installed
	@test -d "$(DATA)" || { echo "make atlas-real DATA=FOLDER: '$(DATA)' is no folder of counts"; exit 2; }
	$(call unpacked,$(REAL),results/real)
	PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/speed/real_atlas.sh "$(DATA)" $(REAL) 5 results/real/cards
	$(MAKE) leaderboard ATLAS=$(REAL) LEADERBOARD=results/real HEATMAP=pbmc-kang

## Ask the runs of atlas-real, and some more of the counts in DATA=FOLDER, what they know of biology, by the gene sets in
## SETS=FOLDER (results/biology/README.md names the files), and write results/biology (an hour; goes on where it stopped).
biology-real: $(VENV)/.installed
	@test -d "$(DATA)" -a -d "$(SETS)" || { echo "make biology-real DATA=FOLDER SETS=FOLDER: one is no folder"; exit 2; }
	PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/speed/real_biology.sh "$(DATA)" "$(SETS)" $(REAL) 5 results/biology

## Run the experiments of the paper's tables on simulated lung (an hour; goes on where it stopped) and write
## results/reproduced.
reproduce: $(VENV)/.installed
	for table in 3 5 6 8 9 13; do $(BIN)/bench reproduce $$table --format md --output results/reproduced/lung-$$table.md; done

## Write the committed tables, figures and report from the runs in $(ATLAS) and those committed, without running any.
leaderboard: tables
	$(BIN)/bench plot --out $(ATLAS) --kind headline --kind overview --kind critical-difference \
	  --kind rank-stability --format png,svg --output $(LEADERBOARD)
	rm -f $(LEADERBOARD)/*-headline.*  # those of single tasks; the tables have them
	$(BIN)/bench plot --out $(ATLAS) --kind heatmap --tissue $(HEATMAP) --output $(LEADERBOARD)
	$(BIN)/bench report --out $(ATLAS) --output $(LEADERBOARD)/report.html

## Its tables alone, and the runs they are made of.
tables: $(VENV)/.installed
	$(call unpacked,$(ATLAS),$(LEADERBOARD))
	$(BIN)/bench leaderboard --out $(ATLAS) --no-cost --format md --output $(LEADERBOARD)/tables.md
	$(BIN)/bench leaderboard --out $(ATLAS) --no-cost --view paper --format md --output $(LEADERBOARD)/paper.md
	$(BIN)/bench leaderboard --out $(ATLAS) --view counts --format md --output $(LEADERBOARD)/counts.md
	$(BIN)/bench leaderboard --out $(ATLAS) --no-cost --format csv --output $(LEADERBOARD)/leaderboard.csv
	$(BIN)/bench stats --out $(ATLAS) --format md --output $(LEADERBOARD)/statistics.md
	tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --exclude='records/.*' \
	  -cJf $(LEADERBOARD)/records.tar.xz -C $(ATLAS) records

## Write down what the classes of methods declare (methods/catalogue.json), so that nobody waits for their imports.
catalogue: $(VENV)/.installed
	$(BIN)/python -m genearena.methods.catalogue

## Time methods and metrics for the estimates of `bench run` (half an hour; writes benchmark/run/timings.csv).
timings: $(VENV)/.installed
	PYTHONPATH=tests $(BIN)/python -m speed.timings

## Time the suite beside plain implementations (an hour; writes results/speed.md), or, with AGAINST=FOLDER, beside
## another checkout of it.
speed: $(VENV)/.installed-dev
ifdef AGAINST
	PYTHONPATH=tests $(BIN)/python -m speed.against $(AGAINST)
else
	PYTHONPATH=tests $(BIN)/python -m speed --out results/speed.md
endif

## Run one seed of every method as this machine's processor does and as an old one would, and write how far the scores
## are apart (results/processors.md; ten minutes).
processors: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m speed.processors --work $(OUT)/processors-runs --out results/processors.md

## Everything CI runs.
test: lint types imports dependencies pytest parity docs

## The inner loop: a minute.
quick: lint imports
	$(PYTEST) $(QUICK)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy --strict -p genearena

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports

dependencies: $(VENV)/.installed-dev
	$(BIN)/deptry .

pytest: $(VENV)/.installed-dev
	$(PYTEST)

## Build the site in docs/_build and execute its tutorials (two minutes); any warning is an error. Where there is a
## Chromium, see that nothing keeps anybody from reading it.
docs: $(VENV)/.installed-dev
	$(BIN)/sphinx-build --quiet -W --keep-going -c docs . docs/_build/html
	$(BIN)/pytest -q tests/test_site.py

## The share of lines that the tests reach within their own processes: workers, which plugins may kill, are not watched.
coverage: $(VENV)/.installed-dev
	$(PYTEST) -m "not slow and not readme" --cov --cov-report=term:skip-covered

## The quick tests with the lowest versions that pyproject.toml promises.
lowest:
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip --disable-pip-version-check install --quiet uv
	$(LOWEST)/bin/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct -e '.[dev]'
	$(LOWEST)/bin/pytest $(QUICK)

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
	rm -rf $(VENV) $(NODE2VEC) $(LOWEST) docs/_build

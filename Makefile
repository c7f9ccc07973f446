PORT ?= 8080
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e

KILLS ?= 40
FUZZED ?= 50000

.PHONY: install demo test check bench torture

demo: .venv/runs
	$(BIN)/lianxin demo --port $(PORT)

# Two at a time: every worker has databases, ports and a county of its own.
WORKERS ?= 2
test: install
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	$(BIN)/python -m benchmarks

# Killed at random moments under load, then everything is counted; its seed is printed. Then callbacks of every
# shape, FUZZED=… of them. SEED=… repeats a run of kills, and ON=--postgresql takes the server that LIANXIN_TEST_POSTGRESQL names.
torture: install
	$(BIN)/python -m tests.torture --kills $(KILLS) $(if $(SEED),--seed $(SEED)) $(ON)
	LIANXIN_FUZZED=$(FUZZED) $(BIN)/python -m pytest -q --timeout 0 tests/stories/test_fuzzed.py

install: .venv/tests

# What the service needs, and then what its tests and tools need: a demo need not wait for the second.
.venv/runs: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name yours: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python cannot make a virtual environment here; as root: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) .
	@touch $@

.venv/tests: .venv/runs
	$(PIP) '.[test,learn]'
	@touch $@

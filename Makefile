# `make demo` shows what feedpub does, `make test` that it does it, `make test-all` the same at length.
# Each sets up what it needs in .venv.

PYTHON ?= python3
BIN = .venv/bin

# Tests sync many small files to the disk. In memory that takes no time, where there is room for them.
MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 1000000 { print "/dev/shm" }')
PROCESSES = auto
PYTEST = $(if $(MEMORY),TMPDIR=$(MEMORY)) $(BIN)/pytest --numprocesses $(PROCESSES) --maxprocesses 4 --dist worksteal

.PHONY: demo test test-all check bench bench-scale simulate dist clean

demo: .venv/ready
	@$(BIN)/feedpub demo

test: .venv/ready-dev check
	$(PYTEST) -m "not long"
	@echo "These were the short tests. All of them, with kills at every write, browsers and servers: make test-all"

# The tests of store and flow run a second time, with their states on a PostgreSQL server, where there is one.
ON_SERVER = $(addprefix tests/test_,archive.py brake.py churn.py cli.py clocks.py closing.py dedupe.py emission.py fitting.py \
	feeds_by_need.py identity.py kinds.py ledger.py move.py new_addresses.py pages.py polite.py publish.py push.py readers.py rebuilt.py refresh.py \
	rows.py run.py several_pages.py site_dates.py store.py thumbnails.py tokens.py)

# All tests, or those that `TESTS` names. Many of the long ones wait: for workers, for servers. So one more runs than
# there are cores.
test-all: PROCESSES = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
test-all: .venv/ready-dev check
	$(PYTEST) $(TESTS)
	FEEDPUB_TEST_STATE=postgres $(PYTEST) $(ON_SERVER)

check: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "feedpub needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dictionary]'
	@touch $@

.venv/ready-dev: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# Figures for docs/performance.md: what feedpub costs, beside what people would use instead. A quarter of an hour.
bench: .venv/ready-dev
	$(BIN)/python -m benchmarks

# Figures for docs/scale.md: one process for many councils.
bench-scale: .venv/ready-dev
	$(BIN)/python -m benchmarks.scale

# The wheel and the source of a release, in dist.
dist: .venv/ready
	rm -rf dist
	$(BIN)/python -m pip install --quiet --disable-pip-version-check hatchling
	$(BIN)/python -m hatchling build

# A council's years, lived in minutes (docs/simulation.md): make simulate SEED=1 YEARS=1
SEED ?= 1
YEARS ?= 1

simulate: .venv/ready-dev
	$(BIN)/python -m simulation --seed $(SEED) --years $(YEARS)

clean:
	rm -rf .venv .bench feedpub-demo build dist

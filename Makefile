# `make` lists what there is. Nothing here needs root, Docker or an installed PostgreSQL.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROUNDS ?= 9
SECONDS ?= 10

.DEFAULT_GOAL := help
.PHONY: help run test lint types floors unit bench golden clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/run ## load an embedded PostgreSQL with scenarios/order.yaml at 50 clients
	$(BIN)/perfengine run scenarios/order.yaml --concurrency 50 --embedded

test: lint types floors unit ## everything that must pass

lint: $(VENV)/test ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test ## mypy --strict over package, tests and benchmarks
	$(BIN)/mypy

floors: $(VENV)/test ## import-linter: which room may import which
	$(BIN)/lint-imports

unit: $(VENV)/test ## all tests
	$(BIN)/pytest -q

golden: $(VENV)/test ## write the golden files anew; look at the difference before you commit it
	$(BIN)/pytest -q --update-golden tests/unit

bench: .venv-bench/bench ## speed against the bare driver, pgbench, Locust and dbworkload (long)
	.venv-bench/bin/python -m benchmarks.compare --rounds $(ROUNDS) --seconds $(SECONDS)

clean: ## remove what the targets above made
	rm -rf .venv .venv-bench perf-results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A stamp a purpose; the extras differ.
$(VENV)/run: pyproject.toml
	@PYTHON=$(PYTHON) sh .ci/make-venv $(VENV) -e .
	@touch $@

$(VENV)/test: pyproject.toml
	@PYTHON=$(PYTHON) sh .ci/make-venv $(VENV) -e '.[test]'
	@touch $@ $(VENV)/run

.venv-bench/bench: pyproject.toml
	@PYTHON=$(PYTHON) sh .ci/make-venv .venv-bench -e '.[bench]'
	@touch $@

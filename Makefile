# `make` lists what there is. Nothing here needs root, Docker or an installed PostgreSQL.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROUNDS ?= 9
SECONDS ?= 10
AA ?= 30
SLOW ?= 30

.DEFAULT_GOAL := help
.PHONY: help run test lint types floors unit bench campaign golden screenshots clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/run ## load an embedded PostgreSQL with scenarios/order.yaml at 50 clients
	$(BIN)/perfengine run scenarios/order.yaml --concurrency 50 --embedded

# side by side: tests/lanes.py says what beside what, and why
test: $(VENV)/test ## everything that must pass: lint, types, floors and unit
	@$(BIN)/python -m tests.lanes --checks $(PYTEST_OPTIONS)

lint: $(VENV)/test ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test ## mypy --strict over package, tests and benchmarks
	$(BIN)/mypy

floors: $(VENV)/test ## import-linter: which room may import which
	$(BIN)/lint-imports

unit: $(VENV)/test ## all tests
	@$(BIN)/python -m tests.lanes $(PYTEST_OPTIONS)

golden: $(VENV)/test ## write the golden files anew; look at the difference before you commit it
	$(BIN)/pytest -q --update-golden tests/unit

screenshots: $(VENV)/test ## take the pictures of the documentation anew, in Chromium
	$(BIN)/python -m tests.browser.screenshots

# Each is run whatever became of the one before it; the worst exit code is that of the whole.
bench: .venv-bench/bench ## speed against the bare driver, pgbench, Locust and dbworkload (long)
	@worst=0; for benchmark in \
	    "compare --rounds $(ROUNDS) --seconds $(SECONDS)" \
	    "open_model --rounds $(ROUNDS) --seconds $(SECONDS)" \
	    "many_clients" \
	    "live --rounds $(ROUNDS)"; do \
	  .venv-bench/bin/python -m benchmarks.$$benchmark || { code=$$?; [ $$code -le $$worst ] || worst=$$code; }; \
	done; exit $$worst

campaign: $(VENV)/test ## whether `ab` tells the truth: 30 comparisons of each kind; goes on where it was (hours)
	$(BIN)/python -m benchmarks.campaign --aa $(AA) --slow $(SLOW)

clean: ## remove what the targets above made
	rm -rf .venv .venv-bench perf-results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/browser/node_modules
	find perfengine tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

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

# Everything runs in .venv, made here from $(PYTHON); nothing else needs to be installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
# Three workers on two cores: the tests wait for other processes half of the time.
CORES := $(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
JOBS ?= $(shell expr $(CORES) \* 3 / 2)

# Every worker imports every test: without bytecode each would rewrite all of them anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test bench check format clean

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1	\2/p' $(MAKEFILE_LIST) | expand -t 12

demo: $(STAMPS)/demo ## Kill an agent and start it again, bare and guarded, side by side
	@$(BIN)/python examples/demo.py

test: $(STAMPS)/test ## Run the tests
	@$(BIN)/python -m pytest -q -n $(JOBS)

bench: $(STAMPS)/test ## Measure against bare Python and print the ratios
	@$(BIN)/python -m tests.bench

check: $(STAMPS)/dev ## Run every check: format, lint, types, architecture, tests
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -n $(JOBS)

format: $(STAMPS)/dev ## Lay the code out and fix what can be fixed
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

clean: ## Remove what was made here
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says that the environment holds what pyproject.toml asked for when it was made.
$(STAMPS):
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $@

$(STAMPS)/demo: pyproject.toml examples/invoices/requirements.txt | $(STAMPS)
	$(BIN)/python -m pip install --quiet --editable . -r examples/invoices/requirements.txt
	@touch $@

$(STAMPS)/test: pyproject.toml | $(STAMPS)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

$(STAMPS)/dev: pyproject.toml | $(STAMPS)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

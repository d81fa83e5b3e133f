# Each target works on a fresh machine with Python >= 3.11, make and a package index.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2
TESTS ?=
BIN := .venv/bin
SOURCES = $(wildcard portal tests bench deploy)

# Whoever forbids compiled files would have every process of the tests compile all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: run runtime dev test check lint format bench bundle lock clean help

run: runtime ## set everything up, load the demo data on first start, serve http://$HOST:$PORT
	$(BIN)/portal db upgrade
	$(BIN)/portal demo --if-empty
	HOST=$(HOST) PORT=$(PORT) exec $(BIN)/portal serve

runtime: ## install what the portal needs, and no more
	@$(PYTHON) deploy/install.py runtime

dev: ## install what the tests and checks need as well
	@$(PYTHON) deploy/install.py dev

test: dev ## pass the tests, in parallel and in random order (TESTS=path to choose, JOBS=2)
	$(BIN)/pytest -n $(JOBS) $(COVERAGE) $(TESTS)

# The same tests as `make test`, with the coverage gate of pyproject.toml.
check: COVERAGE = --cov --cov-report=term
check: lint test ## all that CI runs: lint, licences, vulnerabilities, then the tests with coverage

lint: dev ## style, types, import contracts, templates, licences, vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python deploy/licences.py
	$(BIN)/python deploy/vulnerabilities.py

format: dev ## put the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: dev ## measure: prints a table, writes bench/results.json
	$(BIN)/python -m bench

bundle: ## an archive under dist/ that installs on a machine without any network
	@$(PYTHON) deploy/bundle.py

lock: ## lock anew after a change of pyproject.toml or package.json (UPGRADE=1: newest versions)
	@$(PYTHON) deploy/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove everything that can be made again; the data in instance/ stays
	rm -rf .venv build dist node_modules static/vendor *.egg-info htmcov .coverage .coverage.*
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

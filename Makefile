# Everything a person does with this project. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-spark setup-bench demo test test-fast test-postgresql test-browser test-spark check format score bench messages lock clean

BIN := .venv/bin
PYTHON := $(BIN)/python
PORT ?= 8000
# Compiled modules are kept also where the machine says not to (many containers do): each worker and each process that
# a test starts would compile all of them again.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(PYTHON) -m pytest -q
# A worker for each core, each with a database of its own: SQLite in memory, or on the one PostgreSQL server of the run.
SIDE_BY_SIDE ?= -n auto --maxprocesses 4
# Nearly half of its time a page waits for nothing but quiet on the wire, so one more than there are cores.
BROWSERS ?= $(if $(SIDE_BY_SIDE),-n $(shell expr $$(nproc) + 1) --maxprocesses 5)

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make the environment: Python packages, front-end files, catalogues (again only when something changed)
	@scripts/bootstrap.sh

setup-spark: ## Add Spark, the optional engine, to the environment
	@scripts/bootstrap.sh spark

setup-bench: ## Add the peers that the benchmarks run beside
	@scripts/bootstrap.sh spark bench

demo: setup ## Load the invented organisation and serve it on http://127.0.0.1:8000 (PORT=… for another port)
	@ZHENGGAI_HOME="$${ZHENGGAI_HOME:-data/demo}" $(BIN)/zhenggai demo serve --port $(PORT)

test: setup ## Run all tests: SQLite, then PostgreSQL, Spark, then the pages in a browser
	ZHENGGAI_TEST_DATABASE=sqlite $(PYTEST) $(SIDE_BY_SIDE) -m "not browser and not spark"
	ZHENGGAI_TEST_DATABASE=postgresql $(PYTEST) $(SIDE_BY_SIDE) -m "database and not page and not browser and not spark"
	@$(MAKE) --no-print-directory test-spark
	@$(MAKE) --no-print-directory test-browser

test-fast: setup ## Run the tests that need neither browser, PostgreSQL nor Spark
	ZHENGGAI_TEST_DATABASE=sqlite $(PYTEST) $(SIDE_BY_SIDE) -m "not browser and not spark"

test-postgresql: setup ## Run the database tests on a PostgreSQL server of their own
	ZHENGGAI_TEST_DATABASE=postgresql $(PYTEST) $(SIDE_BY_SIDE) -m "database and not page and not browser and not spark"

test-spark: setup ## Hold Spark, when there is a Java to run it, to the answers of DuckDB
	@if command -v java >/dev/null; then \
		scripts/bootstrap.sh spark && echo 'ZHENGGAI_TEST_DATABASE=sqlite $(PYTEST) $(SIDE_BY_SIDE) -m spark tests/rulesql tests/demo' && \
		ZHENGGAI_TEST_DATABASE=sqlite $(PYTEST) $(SIDE_BY_SIDE) -m spark tests/rulesql tests/demo; \
	else \
		echo "No Java found: the Spark tests did not run. Install one: apt-get install default-jre-headless"; \
	fi

test-browser: setup ## Drive the real pages in a browser, when one is installed
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then \
		echo 'ZHENGGAI_TEST_DATABASE=sqlite $(PYTEST) $(BROWSERS) -m browser tests/browser'; \
		ZHENGGAI_TEST_DATABASE=sqlite $(PYTEST) $(BROWSERS) -m browser tests/browser; \
	else \
		echo "No browser found: the browser tests did not run. Install one: apt-get install chromium fonts-noto-cjk"; \
	fi

check: setup ## Lint, layout, types, floors, Django's own checks, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	ZHENGGAI_HOME=build/check $(BIN)/mypy
	$(BIN)/lint-imports
	ZHENGGAI_HOME=build/check $(BIN)/zhenggai manage check
	ZHENGGAI_HOME=build/check $(BIN)/zhenggai manage makemigrations --check --dry-run

format: setup ## Lay out the Python files
	$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

score: setup ## Score reading documents and checking figures on our own samples
	$(PYTHON) -m benchmarks.score
	$(PYTHON) -m benchmarks.score_figures

bench: setup setup-bench ## Measure speed: reading, and the pages on both databases
	@for file in benchmarks/bench_*.py; do $(PYTHON) -m benchmarks.$$(basename $$file .py) || exit 1; done

messages: setup ## Extract the strings for translation and bring the catalogues up to date
	$(PYTHON) scripts/messages.py

lock: setup ## Pin the Python packages again, with hashes, from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url -q -o requirements.lock
	@for extra in spark bench; do $(BIN)/uv pip compile --group pyproject.toml:$$extra -c requirements.lock --generate-hashes --no-emit-index-url -q -o requirements-$$extra.lock || exit 1; done

clean: ## Remove what can be made again (not the data folder)
	rm -rf .venv .setup-stamp* build dist node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache src/zhenggai/web/static/vendor
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

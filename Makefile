# Frontdesk. `make help` lists what you can do; everything needs only Python 3.11+, make and git.
PYTHON ?= python3
BIN := .venv/bin
# Each has its own servers; browser journeys keep more than one core busy.
TEST_PROCESSES ?= 2
STAMP := .venv/.stamp
WEB := $(PYTHON) tools/web.py
WEB_SOURCES := $(shell find frontend/src frontend/public frontend/*.json frontend/*.ts frontend/index.html -type f)

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench format openapi lock clean

help: ## list the commands
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## install what everything needs and build the web app

$(STAMP): requirements.lock tools/setup.py tools/web.py $(WEB_SOURCES)
	@$(PYTHON) tools/setup.py
	@touch $(STAMP)

run: setup ## start everything with demo data at http://127.0.0.1:8000 (DEMO=0: without)
	@$(BIN)/python -m backend.cli run

test: setup ## run all tests: web app, backend on a real PostgreSQL and Valkey, journeys in Chromium
	@$(WEB) run --silent test
	@$(BIN)/python -m pytest -q -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

check: setup ## format, lint, types, import contracts, OpenAPI and client drift, links
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy backend tests
	@$(BIN)/lint-imports
	@$(BIN)/python -m backend.cli export-openapi --check
	@$(WEB) run --silent check
	@$(PYTHON) tools/check_client.py
	@$(BIN)/python tools/check_tree.py

bench: setup ## measure, all or BENCH="slots live": reading, ingest, board, inbox, imports, timers, slots, live, reports, patients, a month; JSON under .data/bench/
	@$(BIN)/python -m backend.bench $(BENCH)

format: setup ## format and fix what can be fixed
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check --fix -q .
	@$(WEB) run --silent format

openapi: setup ## write openapi/openapi.json and the web app's client
	@$(BIN)/python -m backend.cli export-openapi
	@$(WEB) run --silent client

lock: setup ## resolve requirements.in into requirements.lock, without registry addresses
	@$(BIN)/uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet -o requirements.lock

clean: ## remove what setup, run and the checks made
	rm -rf .venv .data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache frontend/node_modules frontend/dist

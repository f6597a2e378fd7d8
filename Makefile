# Frontdesk. `make help` lists what you can do; everything needs only Python 3.11+, make and git.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp

.DEFAULT_GOAL := help
.PHONY: help setup run test check format openapi lock clean

help: ## list the commands
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## install what everything needs

$(STAMP): requirements.lock tools/setup.py
	@$(PYTHON) tools/setup.py
	@touch $(STAMP)

run: setup ## start the api with embedded PostgreSQL and Valkey
	@$(BIN)/python -m backend.cli run

test: setup ## run all tests, on a real PostgreSQL and Valkey
	@$(BIN)/python -m pytest -q

check: setup ## format, lint, types, import contracts, OpenAPI drift, links
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy backend tests
	@$(BIN)/lint-imports
	@$(BIN)/python -m backend.cli export-openapi --check
	@$(BIN)/python tools/check_tree.py

format: setup ## format and fix what can be fixed
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check --fix -q .

openapi: setup ## write openapi/openapi.json
	@$(BIN)/python -m backend.cli export-openapi

lock: setup ## resolve requirements.in into requirements.lock, without registry addresses
	@$(BIN)/uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet -o requirements.lock

clean: ## remove what setup, run and the checks made
	rm -rf .venv .data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

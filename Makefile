# Bare `make` lists the targets. Only Python 3.11 to 3.13 and make are assumed.
SHELL := /bin/sh
.DEFAULT_GOAL := help
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup setup-dev run test check fix demo bench bench-10x lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- installing: each stamp stands for what was installed, so that a second run is quick ---

.venv/bin/python:
	@sh .make/make-venv

.venv/.product: requirements.txt | .venv/bin/python
	@echo "Installing what runs the product …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/.tools: requirements-dev.txt .venv/.product
	@echo "Installing what tests the product …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json .venv/.product
	@echo "Installing style tokens and font …"
	@sh .make/npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

setup: .venv/.product node_modules/.installed ## install everything that runs the product
	@$(MANAGE) messages --compile

setup-dev: setup .venv/.tools

# --- using ---

run: setup ## start everything and serve (PORT=8000); Ctrl-C stops it and keeps the data
	@exec $(MANAGE) serve

demo: setup ## load the demo register into this installation
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) demo

bench: setup-dev ## measure, and write docs/benchmarks.md
	@$(MANAGE) bench

bench-10x: setup-dev ## the same with ten times the people (up to 40 minutes, 15 GB)
	@$(MANAGE) bench --times 10

# --- proving ---

test: setup-dev ## every test, browser tests included, on throwaway servers (or DATABASE_URL=…)
	@sh .make/chromium
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

check: setup-dev ## format, lint, types, layers, migrations, deployment, translations, generated docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/djlint --quiet --lint templates
	@$(BIN)/djade --check --target-version 5.2 $$(find templates -name '*.html')
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy casework households referrals risk desks
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml --severity-level medium casework households referrals risk desks
	@$(MANAGE) makemigrations --check --dry-run
	@PRODUCTION=1 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') ALLOWED_HOSTS=casework.invalid $(MANAGE) check --deploy --fail-level WARNING
	@$(MANAGE) messages --check
	@if $(MANAGE) help --commands | grep -qx docs; then $(MANAGE) docs --check; fi

fix: setup-dev ## format, and repair what can be repaired
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/djade --target-version 5.2 $$(find templates -name '*.html')
	@$(MANAGE) messages

lock: .venv/.tools ## compile requirements*.in anew
	@for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links $$name.in -o $$name.txt || exit 1; done

clean: ## remove what was installed (the data in var/ stays)
	@rm -rf .venv node_modules

# Foyer in a few verbs; `make` alone explains them.

PYTHON ?= python3
NEEDED := apt-get install -y git make python3-venv

VENV   := .venv
BIN    := $(VENV)/bin
ASSETS := services/web/assets
VENDOR := services/web/static/vendor
PIP    := $(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r
COMPOSE = $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint format test-guards soak bench contracts up demo-data manifests dashboard requirements

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*##/ { printf "  make %-14s%s\n", $$1, $$2 }' Makefile

run: $(VENV)/.for-run $(VENDOR)/.made ## Serve everything on http://127.0.0.1:8000 (HOST, PORT, FOYER_HOME)
	@$(BIN)/python -m services demo

test: .packages $(VENV)/.for-test $(VENDOR)/.made ## Install what the suite needs and run all of it
	$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder -m 'not planted and not soak'

lint: $(VENV)/.for-test ## Style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy shared services

format: $(VENV)/.for-test ## Put the code into the house's format
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

test-guards: $(VENV)/.for-test ## Plant a violation of each rule of the house and see its guard fail
	$(BIN)/pytest -m planted

soak: .packages $(VENV)/.for-test ## A hundred kills of real processes under load
	$(BIN)/pytest -m soak -s

bench: $(VENV)/.for-test ## Each path beside its limit, in one run
	$(BIN)/python -m benchmarks

contracts: $(VENV)/.for-run ## Publish what was added to the contracts of events; a break is refused
	@$(BIN)/python -m shared.contracts build

up: $(VENV)/.for-run ## Every service in a container of its own
	@$(BIN)/python -m deploy.make_secrets .secrets
	COMPOSE_PROFILES=$${FOYER_GATEWAY:-sandbox} $(COMPOSE) up --build

demo-data: ## Load the demo's chain into what `make up` runs
	for service in $(patsubst services/%/demo.py,%,$(wildcard services/*/demo.py)); do $(COMPOSE) run --rm $$service demo-data || exit 1; done

manifests: ## Render the Kubernetes manifests after a change (needs kubectl or kustomize)
	$(PYTHON) -m deploy.kubernetes.render

dashboard: $(VENV)/.for-run ## Write Grafana's dashboard after a change of its panels
	$(BIN)/python -m deploy.dashboards.build

requirements: $(VENV)/.for-test ## Pin the newest versions, with hashes
	cd requirements && for set in run assets embedded test; do \
	  ../$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate $$set.in -o $$set.txt || exit 1; done

# What follows is made once, and again when what it is made from changes.

$(BIN)/pip:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  if [ "$$(id -u)" = 0 ]; then echo '$(NEEDED)'; apt-get update -qq && $(NEEDED) -qq >/dev/null; \
	  else echo 'Something is missing on this machine. As root: $(NEEDED)' >&2; exit 1; fi
	@$(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("Foyer needs Python 3.11 or later.")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.for-run: requirements/embedded.txt | $(BIN)/pip
	@echo 'Installing the Python packages. This takes a minute or two, once.'
	@$(PIP) $<
	@touch $@

$(VENV)/.for-test: requirements/test.txt | $(BIN)/pip
	@echo 'Installing the Python packages with those of the tests. This takes a minute or two, once.'
	@$(PIP) $<
	@touch $@ $(VENV)/.for-run

$(VENDOR)/.made: $(ASSETS)/package-lock.json $(ASSETS)/install.py | $(VENV)/.for-run
	@echo 'Installing the web assets.'
	@$(BIN)/python $(ASSETS)/install.py
	@touch $@

.PHONY: .packages
.packages:
	@.ci/packages

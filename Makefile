# `make demo` and `make test` do all their own set-up, system packages included; `make help` lists the rest.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

export HOME ?= $(shell getent passwd "$$(id -u)" | cut -d: -f6)
export FOLIO_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/folio
# So that no tool phones home, and all of them say the same everywhere.
export SAM_CLI_TELEMETRY := 0
export LC_ALL := C.UTF-8

BIN := .venv/bin
READY := .venv/.ready
SCRIPTS := $(wildcard scripts/*.py)

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(READY) ## upload two samples to a local S3, let the real handler read them, show what it leaves
	@$(BIN)/folio demo -o demo

test: $(READY) ## all tests that can run here, with coverage
	$(BIN)/coverage erase
	$(BIN)/pytest --cov --cov-report=term $(ARGS)

unit: $(READY) ## the fast tests: no network, no binaries
	$(BIN)/pytest tests/unit $(ARGS)

check: $(READY) ## what CI checks besides the tests: style, types, imports, templates, generated docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -q tests/unit/test_imports.py
	$(BIN)/cfn-lint template.yaml
	$(BIN)/sam validate --lint --region us-east-1
	$(BIN)/python scripts/make_docs.py --check

format: $(READY) ## put the code in order
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(READY) ## write the generated docs again
	$(BIN)/python scripts/make_docs.py

samples: $(READY) ## draw the sample documents in tests/data again
	$(BIN)/python scripts/make_samples.py
	$(BIN)/python scripts/refresh_events.py

setup: $(READY) ## install what is needed here: system packages, uv, .venv

$(READY): scripts/setup pyproject.toml uv.lock .python-version
	@scripts/setup
	@touch $@

clean: ## remove what was made in this folder
	rm -rf .venv .aws-sam demo .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

.PHONY: help demo test unit check format docs samples setup clean

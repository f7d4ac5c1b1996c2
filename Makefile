# `make demo` and `make test` do all their own set-up, system packages included; `make help` lists the rest.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

export HOME ?= $(shell getent passwd "$$(id -u)" | cut -d: -f6)
export FOLIO_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/folio
export UV_VERSION := 0.9.11
export UV := $(FOLIO_CACHE)/uv-$(UV_VERSION)/bin/uv
# So that no tool phones home, and all of them say the same everywhere.
export SAM_CLI_TELEMETRY := 0
export LC_ALL := C.UTF-8

ARCH := x86_64
EVENT := events/upload.json
BUILT := $(FOLIO_CACHE)/layers

BIN := .venv/bin
READY := .venv/.ready

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(READY) ## upload two samples to a local S3, let the real handler read them, show what it leaves
	@$(BIN)/folio demo -o demo

# TESTERS=2 takes three quarters of an hour instead of an hour, where nothing else runs: some tests watch the clock. Those
# in containers run alone in any case: each process would build the functions anew.
TESTERS := 0

test: $(READY) ## all tests that can run here, with coverage; TESTERS=2 for two processes
	$(BIN)/coverage erase
	$(BIN)/pytest -n $(TESTERS) --dist loadfile --ignore=tests/sam --cov --cov-report=term
	$(BIN)/pytest tests/sam

unit: $(READY) ## the fast tests: no network, no binaries
	$(BIN)/pytest tests/unit $(ARGS)

check: $(READY) ## what CI checks besides the tests: style, types, imports, templates, generated docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -q tests/unit/test_imports.py
	$(BIN)/cfn-lint template.yaml
	$(BIN)/sam validate --lint --region us-east-1
	$(BIN)/python -m scripts.generate --check

format: $(READY) ## put the code in order
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

generate: $(READY) ## write again what follows from other files: schemas, the layer's requirements
	$(BIN)/python -m scripts.generate

samples: $(READY) ## draw the sample documents in tests/data again
	$(BIN)/python scripts/make_samples.py
	$(BIN)/python scripts/refresh_events.py

layers: $(READY) ## compile and collect both layers into the cache, ARCH=x86_64 or arm64; half an hour the first time
	PATH="$(CURDIR)/$(BIN):$$PATH" layers/ocr-tools/build.sh $(ARCH) $(BUILT)/$(ARCH)/ocr-tools
	PATH="$(CURDIR)/$(BIN):$$PATH" layers/python/build.sh $(ARCH) $(BUILT)/$(ARCH)/python

# SAM looks for python3.13 on PATH.
build: $(READY) ## sam build for ARCH=x86_64 or arm64, layers included
	PATH="$(CURDIR)/$(BIN):$$PATH" FOLIO_ARCH=$(ARCH) $(BIN)/sam build --parameter-overrides Architecture=$(ARCH)

invoke: $(READY) ## after make build: run the function in a Lambda container on EVENT=events/upload.json
	@$(BIN)/python scripts/invoke.py $(EVENT) $(ARGS)

start-api: $(READY) ## after make build: the API in a Lambda container, on http://127.0.0.1:3000/ (ARGS="--port 8080")
	@$(BIN)/python -m scripts.start_api $(ARGS)

size: $(READY) ## what the function and its layers weigh on every architecture that make layers has built
	@$(BIN)/python scripts/size.py $(BUILT)

bench: $(READY) ## measure the recipes on ../shared/data into docs/accuracy.md; ARGS="--every 5" for a fifth of it
	$(BIN)/python -m tests.benchmarks.accuracy $(ARGS)

browser: $(READY) ## install Chromium and pdf.js for the tests in a browser, which are skipped without them
	@scripts/browser

setup: $(READY) ## install what is needed here: system packages, uv, .venv

$(READY): scripts/setup pyproject.toml uv.lock .python-version
	@scripts/setup
	@touch $@

clean: ## remove what was made in this folder
	rm -rf .venv .aws-sam demo .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

.PHONY: help demo test unit check format generate samples layers build invoke start-api size bench browser setup clean

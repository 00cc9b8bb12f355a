# traumbox: make run, make demo, make test. `make help` lists the rest.

VENV := .venv
BIN := $(VENV)/bin
CONFIG ?= config/traumbox.yaml
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# The first interpreter that is new enough; make run PYTHON=/path/to/python takes another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	if $$python -c '$(NEW_ENOUGH)' 2>/dev/null; then echo $$python; break; fi; done)

# laion-clap's metadata asks for numpy<2 and for training tools; its inference needs neither.
LAION_CLAP := laion-clap==1.1.7
# make clap TORCH_INDEX=URL takes PyTorch from there: a build without gigabytes for graphics cards.
TORCH_INDEX ?=
TORCH = $$($(BIN)/python -c 'import tomllib; print(*(need for need in tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["clap"] if need.startswith("torch>")))')

.PHONY: help run demo clap test lint bench train judge judge-search chromium clean
# Two pips at once in one environment would disturb each other.
.NOTPARALLEL:

help:
	@echo 'make run    install what is needed and start traumbox with $(CONFIG)'
	@echo 'make demo   synthesise demo music and have it watched'
	@echo 'make clap   install what converts LAION CLAP: PyTorch, laion-clap'
	@echo 'make test   run all tests, the browser test included'
	@echo 'make lint   ruff, mypy and the import rules'
	@echo 'make bench  measure this machine; KILLS=1000 kills it as often meanwhile (40 minutes more)'
	@echo 'make train  train the built-in model anew (needs PyTorch)'
	@echo 'make judge  evaluate the built-in model on new music (DATA=.cache/train/data: on held-out clips)'
	@echo 'make judge-search  judge the search: labelled queries over 2,000 made-up pieces'
	@echo 'make clean  remove what make has made; never your music, data or configuration'

run: $(VENV)/.installed
	@exec $(BIN)/traumbox -c $(CONFIG) run

demo: $(VENV)/.installed
	@$(BIN)/traumbox -c $(CONFIG) demo

clap: $(VENV)/.installed-clap
	@echo 'Ready to convert. To have LAION CLAP: $(BIN)/traumbox -c $(CONFIG) model fetch clap-music'

test: $(VENV)/.installed-dev $(VENV)/.installed-clap chromium
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench

train: $(VENV)/.installed-train
	$(BIN)/python -m traumbox.embedders.builtin.train .cache/train

judge: $(VENV)/.installed
	$(BIN)/python -m traumbox.embedders.builtin.train.evaluate $(DATA)

judge-search: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.queries
	$(BIN)/python -m tests.bench.queries.moments

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find traumbox tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.python:
	@if [ -z '$(PYTHON)' ] || ! '$(PYTHON)' -c '$(NEW_ENOUGH)' 2>/dev/null; then \
		echo 'traumbox needs Python 3.11 or newer; found: '"$$($(or $(PYTHON),python3) --version 2>&1 || true)"; \
		echo 'On Debian 12 or 13, Ubuntu 24.04 or Raspberry Pi OS:'; \
		echo '    sudo apt install python3 python3-venv'; \
		echo 'With a newer Python elsewhere: make run PYTHON=/path/to/python3'; \
		exit 1; \
	fi >&2
	@if ! '$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null; then \
		version=$$('$(PYTHON)' -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "Python $$version can't make virtual environments here. Install what is missing:"; \
		echo "    sudo apt install python$$version-venv"; \
		echo 'then run make again.'; \
		exit 1; \
	fi >&2
	@$(BIN)/python -c 'import pip; $(NEW_ENOUGH)' 2>/dev/null || '$(PYTHON)' -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.python pyproject.toml
	@echo 'Installing traumbox and what it needs into $(VENV); this takes a few minutes once …'
	@$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.python pyproject.toml
	@echo 'Installing traumbox and its test tools into $(VENV); this takes a few minutes once …'
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

# PyTorch brings gigabytes for graphics cards unless its CPU build is there already.
$(VENV)/.installed-clap: $(VENV)/.installed
	@echo 'Installing what converts LAION CLAP into $(VENV): PyTorch, laion-clap and what they need …'
	@if [ -n '$(TORCH_INDEX)' ]; then \
		$(PIP_INSTALL) --index-url '$(TORCH_INDEX)' "$(TORCH)"; \
	elif ! $(BIN)/python -c 'import torch' 2>/dev/null; then \
		echo 'Without a build for processors at hand, PyTorch brings several GB for graphics cards.'; \
		echo 'To spare them, stop here (Ctrl-C) and name the address that PyTorch'"'"'s page'; \
		echo '"Get Started" shows for pip on Linux with CPU: make clap TORCH_INDEX=ADDRESS'; \
	fi
	@$(PIP_INSTALL) --editable '.[clap]'
	@$(PIP_INSTALL) --no-deps $(LAION_CLAP)
	@$(BIN)/python -c 'import lancedb, numpy, onnx, pyarrow, torch, torchlibrosa, transformers'
	@touch $@

$(VENV)/.installed-train: $(VENV)/.installed
	@$(PIP_INSTALL) --editable '.[train]'
	@touch $@

# The browser tests drive the system's Chromium and skip, saying so, where there is none.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null && exit 0; \
	command -v apt-get >/dev/null || { echo 'No Chromium and no apt here: the browser tests will be skipped.'; exit 0; }; \
	if [ "$$(id -u)" = 0 ]; then sudo=; \
	elif sudo -n true 2>/dev/null; then sudo='sudo -n'; \
	else echo 'No Chromium: the browser tests will be skipped. To have them: sudo apt install chromium'; exit 0; fi; \
	echo 'Installing Chromium for the browser tests …'; \
	{ $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| echo 'Chromium could not be installed: the browser tests will be skipped.'

# Two commands do everything: `make chat` and `make test`. Each sets up what it needs, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := .cache/sample-archive
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints/cpu.txt

.PHONY: help setup chat test check format clean

help:
	@echo "make chat    set up, and open the web chat on the sample archive"
	@echo "make test    set up, and run the tests"
	@echo "make check   format, lint and types as well as the tests"
	@echo "make format  rewrite the code in the project's format"
	@echo "make clean   remove what was set up"

setup: $(VENV)/.runtime

$(VENV)/.runtime: pyproject.toml constraints/cpu.txt
	@echo "Setting up: installing packages into $(VENV) (about 2 GB, a few minutes; only the first time) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gazette needs Python 3.11 or newer, this is %s.%s: make PYTHON=python3.12 …" % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/.develop: $(VENV)/.runtime
	@echo "Setting up: installing what the tests need …"
	@$(PIP) --editable '.[dev]'
	@touch $@

chat: $(VENV)/.runtime
	@echo "Adding the sample articles to $(SAMPLE) …"
	@$(BIN)/gazette add --archive $(SAMPLE) --sample
	@echo "Opening the web chat (Ctrl-C ends it) …"
	@$(BIN)/gazette chat --archive $(SAMPLE)

test: $(VENV)/.develop
	@echo "Running the tests …"
	@$(BIN)/python -m pytest

check: $(VENV)/.develop
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest

format: $(VENV)/.develop
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache *.egg-info

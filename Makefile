# What a person or a build machine needs, each by one word. Everything lives in .venv; nothing outside this folder changes
# except the user's cache of compiled kernels and solved scenarios.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install -qq --disable-pip-version-check
OUT    ?= brief

.DEFAULT_GOAL := help
.PHONY: help setup demo test quick lint tidy pages canon article notebook docs bench picture lock clean

help:
	@echo "make demo    set up, solve the US-North Korea scenario of October 2019, write its brief to $(OUT)/"
	@echo "make test    set up and run the whole test suite, slow tests included"
	@echo "make quick   the test suite without the slow tests"
	@echo "make lint    style, formatting and types"
	@echo "make tidy    mend style and formatting where a tool can"
	@echo "make pages   write the reference pages that are made from the code"
	@echo "make canon   solve the models of the literature anew: the table of the canon and the gallery"
	@echo "make article write docs/explain/article.md anew: every mechanism and sentence of the article (long)"
	@echo "make notebook run the notebook of the docs and keep what it shows"
	@echo "make docs    build the pages into site/; any warning is an error"
	@echo "make bench   measure accuracy anew: the table and the figure of docs/explain/accuracy.md"
	@echo "make picture make docs/brief.png anew, the picture in the README (needs Chromium)"
	@echo "make lock    write requirements/*.txt anew from pyproject.toml"
	@echo "make clean   remove .venv, caches and briefs"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "winset needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ..." >&2; exit 2; }
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run | $(BIN)/python
	@$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

setup: $(VENV)/.test

# A claim of the argument that fails (exit code 1) is a result, not a failure of the demonstration.
demo: $(VENV)/.run
	@$(BIN)/winset brief us-dprk-2019 --out $(OUT) || [ $$? -eq 1 ]

# Which tests share a process is said in tests/conftest.py.
test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto

quick: $(VENV)/.test
	$(BIN)/python -m pytest -m "not slow"

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

tidy: $(VENV)/.test
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

pages: $(VENV)/.test
	$(BIN)/python -m winset.face.pages docs/reference

canon: $(VENV)/.test
	$(BIN)/python -m winset.testing.pages docs

# Fails and says what is missing where a mechanism or a sentence is not in the scenario; ARTICLE=--partial writes the rest.
# Draws are kept in the user's cache: the first time they take about an hour on two cores, later minutes.
ARTICLE ?=
DRAWS   ?= --draws 1000 --compared 64 --checks 2 --leading 1 --bars 2 --grid 2
FOUND   := build/article/record.json build/article/robust.json
article: $(VENV)/.run
	@mkdir -p build/article
	$(BIN)/winset follow us-dprk-2019 --until 2021-01-20 --json build/article/record.json
	$(BIN)/winset robust us-dprk-2019 $(DRAWS) --json build/article/robust.json
	$(BIN)/python -m winset.face.article us-dprk-2019 docs/explain/article.md --mechanisms 22 --claims 62 \
	  --with $(FOUND) $(ARTICLE)

notebook: $(VENV)/.test
	$(BIN)/python benchmarks/notebook.py

docs: $(VENV)/.test
	$(BIN)/python -m mkdocs build --strict

bench: $(VENV)/.test
	$(BIN)/python benchmarks/shelf_convergence.py

# As root, or in a container: make picture CHROMIUM="chromium --no-sandbox"
CHROMIUM ?= chromium
SHOT := --headless --disable-gpu --hide-scrollbars --window-size=1280,960 --screenshot=docs/brief.png
picture: demo
	$(CHROMIUM) $(SHOT) "file://$(abspath $(OUT))/us-dprk-2019.html"

LOCK := --quiet --no-header --strip-extras --no-emit-options --no-emit-index-url --no-emit-find-links \
        --no-emit-trusted-host --no-annotate --allow-unsafe --generate-hashes --upgrade
lock: | $(BIN)/python
	@$(PIP) pip-tools
	$(BIN)/python -m piptools compile $(LOCK) --extra build -o requirements/run.txt pyproject.toml
	$(BIN)/python -m piptools compile $(LOCK) --extra build --extra test -c requirements/run.txt -o requirements/test.txt pyproject.toml

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis brief site dist build
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Everything a newcomer or a contributor runs. Needs make, and Python 3.11 or later with pip; each target does its own set-up
# in .venv, once, and again only when pyproject.toml changes or the checkout moves. `make` alone lists the targets.
#
#   make test PYTHON=python3.13         another interpreter for a new .venv
#   make test ARGS="-k gap -x"          more arguments for pytest (test, test-all, bench)

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
AS_OF := 2026-11-22

# UTF-8 whatever the locale: labels, sources and answers are not ASCII.
export PYTHONUTF8 := 1

# An environment remembers where it was made: its scripts and its link to kg/ break, or lie, when the checkout moves.
HOME_FILE := $(VENV)/.home
ifneq ("$(shell test -x $(BIN)/python && cat $(HOME_FILE) 2>/dev/null)","$(CURDIR)")
REMAKE := remake
endif

.DEFAULT_GOAL := help
.PHONY: help demo test test-all bench lint notebooks notebooks-html build clean remake
.NOTPARALLEL: # targets share one environment: with -j, one would use it while another fills it

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

demo: $(VENV)/.stamp-core ## answer the article's own question, and write its pages
	$(BIN)/kg overlap "AI Engineer" "Machine Learning Engineer" --source article --as-of $(AS_OF)
	$(BIN)/kg show AI-102 --as-of $(AS_OF)
	@mkdir -p build/demo
	@echo "Written to build/demo:"
	@$(BIN)/kg build --out build/demo 2>/dev/null
	@echo "Open build/demo/index.html in a browser: the pictures, and the data."

test: $(VENV)/.stamp-test ## run the tests, without the slow ones
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow" $(ARGS)

test-all: $(VENV)/.stamp-spark ## run every test
	$(BIN)/python -m pytest $(ARGS)

bench: $(VENV)/.stamp-test ## measure, as ratios in one run
	$(BIN)/python -m benchmarks $(ARGS)

lint: $(VENV)/.stamp-test ## check style, format and types
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy

notebooks: $(VENV)/.stamp-test ## open the notebooks in JupyterLab
	$(BIN)/python -m jupyter lab --notebook-dir=notebooks $(ARGS)

# Nothing is loaded from elsewhere: no require.js, MathJax or mermaid, of which no notebook has need.
notebooks-html: $(VENV)/.stamp-test ## write the notebooks as HTML to build/notebooks/
	$(BIN)/python -m jupyter nbconvert --to html --output-dir build/notebooks --HTMLExporter.require_js_url= \
	  --HTMLExporter.mathjax_url= --HTMLExporter.mermaid_js_url= --HTMLExporter.jquery_url= notebooks/0*.ipynb

build: $(VENV)/.stamp-test ## recompile exports/, then build the sdist and the wheel into dist/
	$(BIN)/kg build
	rm -rf dist
	$(BIN)/python -m build --no-isolation

clean: ## remove the environment, caches and what was built, but never exports/
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. A stamp is the last thing written, so an interrupted set-up starts again.

# The interpreter asked for or, where none was, the first that is new enough. Without ensurepip (Debian keeps it in a package
# of its own) the interpreter's pip fills the environment.
$(VENV)/.stamp-venv: $(REMAKE)
	@set -e; \
	if [ "$(origin PYTHON)" = file ]; then candidates="$(PYTHON) python3.13 python3.12 python3.11 python3.14"; \
	else candidates="$(PYTHON)"; fi; \
	python=; \
	for candidate in $$candidates; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$candidate"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "career-kg needs Python 3.11 or later; tried: $$candidates." >&2; \
	  echo "Install one, or name it: make $(firstword $(MAKECMDGOALS)) PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version) (once)"; \
	rm -rf $(VENV); \
	"$$python" -m venv $(VENV) >/dev/null 2>&1 || { \
	  rm -rf $(VENV); \
	  "$$python" -m venv --without-pip $(VENV) && "$$python" -m pip --quiet --python $(BIN)/python install pip; \
	} || { \
	  rm -rf $(VENV); \
	  echo "$$python can make no virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; \
	}; \
	printf '%s\n' "$(CURDIR)" > $(HOME_FILE); \
	touch $@

$(VENV)/.stamp-core: $(VENV)/.stamp-venv pyproject.toml
	@echo "Installing career-kg (once)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.stamp-test: $(VENV)/.stamp-core
	@echo "Installing what its tests need (once)"
	@$(PIP) install --editable ".[test]"
	@touch $@

# Half a gigabyte, which only the slow tests need.
$(VENV)/.stamp-spark: $(VENV)/.stamp-test
	@echo "Installing Apache Spark (once)"
	@$(PIP) install --editable ".[spark]"
	@touch $@

# Everything a newcomer or a contributor runs. Needs make, and Python 3.11 or later with pip; each target does its own set-up,
# once, and again only when pyproject.toml changes or the checkout moves. `make` alone lists the targets.
#
#   make test PYTHON=python3.13         another interpreter for a new environment
#   make test ARGS="-k gap -x"          more arguments for pytest (test, test-all, test-floors, bench)
#   make test LOCK=1                    the packages of .ci/lock, checksums compared, in .venv-locked; so CI runs
#   make lock ARGS=--upgrade            the newest packages into .ci/lock; without, only what pyproject.toml asks for changes

PYTHON ?= python3
ARGS ?=
# Unlocked, a new environment takes the newest packages that the ranges in pyproject.toml admit, as `pip install career-kg` does:
# a release that breaks us is met here before a user meets it. Locked, a run says the same in a year as today.
LOCK ?=

VENV := .venv$(if $(LOCK),-locked)
FLOORS := .venv-floors
TOOLS := .venv-tools
DOCS := .venv-docs
BIN := $(VENV)/bin
AS_OF := 2026-11-22

# UTF-8 whatever the locale: labels, sources and answers are not ASCII.
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-floors bench lint goldens pictures notebooks notebooks-html docs build package audit lock clean remake
.NOTPARALLEL: # targets share one environment: with -j, one would use it while another fills it

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

demo: $(VENV)/.stamp-core ## answer the article's own question on one screen, and write its pages
	@mkdir -p build/demo
	@$(BIN)/kg build -o build/demo >build/demo.log 2>&1 || { cat build/demo.log; exit 1; }
	@$(BIN)/kg overlap "AI Engineer" "Machine Learning Engineer" --source article --as-of $(AS_OF) | head -n 34
	@echo "…"
	@echo "All of it, and every other answer, as pages: file://$(CURDIR)/build/demo/index.html"

test: $(VENV)/.stamp-test ## run the tests, without the slow ones
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow" $(ARGS)

# What is left out shows no more of the packages: browser and servers are programs of their own, the official files take long,
# the notebooks' outputs are those of the newest releases, and the wheel installs its own newest dependencies. The lowest versions
# are those of the lowest Python: PYTHON=python3.11 where another comes first.
test-floors: $(FLOORS)/.stamp-floors ## run the quick tests with the lowest versions that pyproject.toml admits
	$(FLOORS)/bin/python -m pytest -n auto --dist loadfile -m "not slow and not browser and not servers and not realdata" \
	  --ignore tests/notebooks --ignore tests/packaging $(ARGS)

test-all: $(VENV)/.stamp-spark ## run every test
	$(BIN)/python -m pytest $(ARGS)

bench: $(VENV)/.stamp-test ## measure, as ratios in one run
	$(BIN)/python -m benchmarks $(ARGS)

lint: $(VENV)/.stamp-test ## check style, format and types
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy

goldens: $(VENV)/.stamp-test ## after a change to facts or words: write exports/, examples, notebooks and kept outputs anew
	$(BIN)/kg build
	$(BIN)/python -m tests.examples
	KG_UPDATE_GOLDEN=1 $(BIN)/python -m pytest -n auto -q -m golden tests

pictures: $(VENV)/.stamp-test ## take the pictures of the README and the docs anew, from exports/, in a browser
	$(BIN)/python -m tests.pictures

notebooks: $(VENV)/.stamp-test ## open the notebooks in JupyterLab
	$(BIN)/python -m jupyter lab --notebook-dir=notebooks $(ARGS)

# Nothing is loaded from elsewhere: no require.js, MathJax or mermaid, of which no notebook has need.
notebooks-html: $(VENV)/.stamp-test ## write the notebooks as HTML to build/notebooks/
	$(BIN)/python -m jupyter nbconvert --to html --output-dir build/notebooks --HTMLExporter.require_js_url= \
	  --HTMLExporter.mathjax_url= --HTMLExporter.mermaid_js_url= --HTMLExporter.jquery_url= notebooks/0*.ipynb

docs: $(DOCS)/.stamp-docs ## write the documentation as a site, to build/site/; it opens from disk
	NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --quiet
	@echo "Open build/site/index.html"

build: $(VENV)/.stamp-core ## recompile exports/ from the facts
	$(BIN)/kg build

# hatchling dates every file with one fixed day: the same tree gives the same bytes, on any day, with and without git.
package: $(TOOLS)/.stamp-tools ## build the sdist and the wheel into dist/, and check them
	rm -rf dist
	env -u SOURCE_DATE_EPOCH $(TOOLS)/bin/python -m build --no-isolation
	$(TOOLS)/bin/twine check --strict dist/*
	$(TOOLS)/bin/check-wheel-contents dist/*.whl

audit: $(TOOLS)/.stamp-tools ## ask which locked packages have known vulnerabilities (needs network)
	$(TOOLS)/bin/python .ci/audit.py

lock: $(TOOLS)/.stamp-tools ## write .ci/lock to fit pyproject.toml (needs network)
	$(TOOLS)/bin/python .ci/lock.py $(ARGS)

clean: ## remove the environments, caches and what was built, but never exports/
	rm -rf .venv .venv-locked $(FLOORS) $(TOOLS) $(DOCS) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. A stamp is the last thing written, so an interrupted set-up starts again.

# An environment remembers where it was made: its scripts and its link to kg/ break, or lie, when the checkout moves.
moved = $(shell test -x $(1)/bin/python && [ "$$(cat $(1)/.home 2>/dev/null)" = "$(CURDIR)" ] || echo remake)
.venv/.stamp-venv: $(call moved,.venv)
.venv-locked/.stamp-venv: $(call moved,.venv-locked)
$(FLOORS)/.stamp-venv: $(call moved,$(FLOORS))
$(TOOLS)/.stamp-venv: $(call moved,$(TOOLS))
$(DOCS)/.stamp-venv: $(call moved,$(DOCS))

# The interpreter asked for or, where none was, the first that is new enough. Without ensurepip (Debian keeps it in a package
# of its own) the interpreter's pip fills the environment.
%/.stamp-venv:
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
	echo "Making $(@D) with $$("$$python" --version) (once)"; \
	rm -rf $(@D); \
	"$$python" -m venv $(@D) >/dev/null 2>&1 || { \
	  rm -rf $(@D); \
	  "$$python" -m venv --without-pip $(@D) && "$$python" -m pip --quiet --python $(@D)/bin/python install pip; \
	} || { \
	  rm -rf $(@D); \
	  echo "$$python can make no virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; \
	}; \
	printf '%s\n' "$(CURDIR)" > $(@D)/.home; \
	touch $@

pip = $(@D)/bin/python -m pip --disable-pip-version-check --quiet install
# $(1) is the stage: an extra, but for core. A lock is complete, so pip need not look for what a package needs.
locked = $(pip) --no-deps --require-hashes --requirement .ci/lock/$(1).txt
ifdef LOCK
install = $(call locked,$(1)) && $(pip) --no-deps --no-build-isolation --editable .
LOCKED_STAGE := .ci/lock/%.txt
else
install = $(pip) --editable ".$(if $(filter-out core,$(1)),[$(1)])"
endif

# Half a gigabyte of Apache Spark, which only the slow tests need, comes last.
$(VENV)/.stamp-core: $(VENV)/.stamp-venv
$(VENV)/.stamp-test: $(VENV)/.stamp-core
$(VENV)/.stamp-spark: $(VENV)/.stamp-test
$(VENV)/.stamp-core $(VENV)/.stamp-test $(VENV)/.stamp-spark: $(VENV)/.stamp-%: pyproject.toml $(LOCKED_STAGE)
	@echo "Installing career-kg: $* (once)"
	@$(call install,$*)
	@touch $@

# pip has no word for the lowest version of what is asked for and the newest of what that needs; uv has.
$(FLOORS)/.stamp-floors: $(FLOORS)/.stamp-venv $(TOOLS)/.stamp-tools pyproject.toml
	@echo "Installing career-kg with the lowest versions of what it asks for (once)"
	@$(TOOLS)/bin/uv --no-config pip install --quiet --python $(FLOORS)/bin/python --resolution lowest-direct --editable ".[test]"
	@touch $@

$(TOOLS)/.stamp-tools: $(TOOLS)/.stamp-venv .ci/lock/tools.txt
	@echo "Installing what builds, checks and audits packages (once)"
	@$(call locked,tools)
	@touch $@

# Signatures and docstrings are read, not imported: the package itself need not be installed.
$(DOCS)/.stamp-docs: $(DOCS)/.stamp-venv docs/requirements.txt
	@echo "Installing what writes the documentation (once)"
	@$(pip) --requirement docs/requirements.txt
	@touch $@

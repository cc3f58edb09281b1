# Everything a person or CI runs. Needs Python 3.11 or newer with pip, and make; it makes the rest.
# Another Python than `python3`: make run PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin

# --without-pip and --python: Debian packs what `venv` needs to bring pip apart from pip itself, so a machine
# with pip may lack it. requirements.txt brings the environment a pinned pip of its own.
PIP_INSTALL := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install

# The pins name no index and no machine: each machine's own pip settings say where packages come from.
PIP_COMPILE = CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile --quiet $(ARGS) \
	--generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

# What the handbook is made from. Folders are in the list too: a deleted file changes its folder's time.
DATA := $(or $(HUITOUKAN_HOME),var)
CHECKLIST := $(or $(HUITOUKAN_CHECKLIST),checklist)
HANDBOOK_SOURCES := $(shell find checklist build_scripts docs mkdocs.yml $(CHECKLIST) $(DATA)/summary/summary.csv \
	-name __pycache__ -prune -o -print 2>/dev/null)
# Each campaign has its own stamp, so that a change of campaign builds anew. MkDocs leaves dot files alone.
HANDBOOK := $(DATA)/site/.built-from-$(subst /,_,$(CHECKLIST))

.DEFAULT_GOAL := help
.PHONY: help run demo install spark test check handbook requirements browser java clean

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

run: install handbook  ## start the form server, with the handbook, on 127.0.0.1:8000
	@$(BIN)/huitoukan init
	@exec $(BIN)/huitoukan serve

demo: install  ## start the same over invented data, with an account of each role
	@exec $(BIN)/huitoukan demo

install: .venv/.installed  ## only make the environment, .venv

spark: .venv/.installed-spark java  ## install the engine for a province's or a nation's records: summary --engine spark

test: .venv/.installed-dev .venv/.installed-spark browser java  ## run every test
	$(BIN)/pytest -n 2 --dist loadfile

check: .venv/.installed-dev  ## check style, format, types, import rules and the campaign's YAML
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/huitoukan check

handbook: $(HANDBOOK)  ## build the handbook where its sources are newer

requirements: .venv/.installed-dev  ## write the pins anew; for newest versions: make requirements ARGS=--upgrade
	$(PIP_COMPILE) -o requirements.txt requirements.in
	$(PIP_COMPILE) -o requirements-spark.txt requirements-spark.in
	$(PIP_COMPILE) -o requirements-dev.txt requirements-dev.in

browser:  ## install Chromium, which the tests drive, where it is missing
	@sh deploy/browser.sh

java:  ## install Java, which Spark runs on, where it is missing
	@sh deploy/java.sh

clean:  ## remove the environment, the built handbook and caches; never the records
	rm -rf .venv $(DATA)/site build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# A stamp is touched last, so that an install that broke off starts again.
.venv/.installed: requirements.txt pyproject.toml
	@sh deploy/python.sh $(PYTHON)
	@echo "Making the Python environment in .venv: a few minutes, this once"
	@$(PYTHON) -m venv --without-pip .venv
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing the tools for tests and checks"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.installed-spark: requirements-spark.txt .venv/.installed
	@echo "Installing Spark: half a gigabyte, this once"
	@$(PIP_INSTALL) --require-hashes -r requirements-spark.txt
	@touch $@

$(HANDBOOK): $(HANDBOOK_SOURCES) .venv/.installed
	@$(BIN)/huitoukan handbook build
	@rm -f $(DATA)/site/.built-from-*
	@touch $@

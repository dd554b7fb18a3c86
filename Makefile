# sms-analytics: `make run` to see it, `make test` to prove it.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SUDO   := $(shell [ "$$(id -u)" = 0 ] || echo "sudo -n")
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.PHONY: install run test soak lint format lock docs bench bench-analytics screenshots networks bundles test-duckdb2 clean

install: $(VENV)/.installed  ## the pinned packages and the sms-analytics command

run: install  ## everything on simulated traffic
	@$(BIN)/sms-analytics demo

test: $(VENV)/.installed-dev system-packages  ## everything that must hold
	$(BIN)/pytest

soak: $(VENV)/.installed-dev  ## storms at random for SOAK_MINUTES=60; SOAK_SEED repeats them
	$(BIN)/pytest -m soak --timeout 0 -n 0

lint: $(VENV)/.installed-dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.installed-dev  ## the pages that are made from the code
	$(BIN)/python -m sms_analytics.documentation
	$(BIN)/python -m analytics.documentation
	$(BIN)/python -m analytics.sql_page
	$(BIN)/python -m tests.situations.documentation

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "python3-venv is missing: installing it"; rm -rf $(VENV); \
	  $(SUDO) apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# Chromium draws the pages for the browser tests, curl sends SMSO's own commands, and gcc builds the
# disk that fails. Without the right to install them, the tests that need them are skipped by name
# (a failure under CI).
.PHONY: system-packages
system-packages:
	@{ command -v chromium && command -v curl && command -v gcc; } >/dev/null || { \
	  echo "installing chromium, curl and gcc"; \
	  $(SUDO) apt-get update -qq && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium curl fonts-liberation gcc libc6-dev >/dev/null; } || \
	  echo "chromium, curl or gcc cannot be installed here: the tests that need them are skipped"

lock: | $(VENV)/bin/python  ## pin the newest versions that pyproject.toml allows
	$(PIP) uv
	$(BIN)/uv lock --quiet --upgrade
	$(BIN)/uv export --quiet --no-emit-project --no-default-groups --group build -o requirements.lock
	$(BIN)/uv export --quiet --no-emit-project --no-default-groups --group dev -o requirements-dev.lock
	$(BIN)/uv export --quiet --no-emit-project --no-default-groups --group bench -o requirements-bench.lock

BENCH := .bench-venv
$(BENCH)/.installed: requirements-bench.lock pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip --quiet install --require-hashes -r requirements-bench.lock
	$(BENCH)/bin/python -m pip --quiet install --no-deps --no-build-isolation -e .
	@touch $@

bench: $(BENCH)/.installed  ## measure beside the peers; writes benchmarks/RESULTS.md
	@{ command -v wrk && ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk postgresql >/dev/null || \
	  echo "wrk or postgresql cannot be installed here: what needs them is left out"
	$(BENCH)/bin/python -m benchmarks

SIZES ?= 1 10
bench-analytics: $(BENCH)/.installed  ## what figures cost, for SIZES="1 10 100" million events; writes benchmarks/ANALYTICS.md
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null || \
	  echo "postgresql cannot be installed here: what needs it is left out"
	$(BENCH)/bin/python -m benchmarks.analytics $(SIZES)

screenshots: $(VENV)/.installed-dev system-packages  ## the pictures in docs/images
	$(BIN)/python -m tests.browser.screenshots

networks: install  ## the network names again, from the newest published list (needs npm)
	cd $(VENV) && npm pack --silent mcc-mnc-list
	$(BIN)/python -m analytics.networks $(VENV)/mcc-mnc-list-*.tgz

bundles:  ## Plotly and the SQL console's editor again, from reports/bundles (needs npm)
	rm -rf $(VENV)/bundles && cp -r reports/bundles $(VENV)/bundles
	cd $(VENV)/bundles && npm install --silent --no-audit --no-fund --no-package-lock
	cd $(VENV)/bundles && node bundle.mjs plotly.js \
	  $(CURDIR)/reports/static/plotly-4.1.1.min.js $(CURDIR)/reports/static/plotly-LICENSE.txt
	cd $(VENV)/bundles && node bundle.mjs editor.js \
	  $(CURDIR)/reports/static/codemirror-6.min.js $(CURDIR)/reports/static/codemirror-LICENSE.txt

# The suite again on the newest DuckDB 2.x, in an environment of its own.
test-duckdb2: $(VENV)/.installed-dev
	$(PYTHON) -m venv .venv-duckdb2
	.venv-duckdb2/bin/python -m pip --quiet install --require-hashes -r requirements-dev.lock
	.venv-duckdb2/bin/python -m pip --quiet install --no-deps 'duckdb>=2,<3'
	.venv-duckdb2/bin/python -m pip --quiet install --no-deps --no-build-isolation -e .
	.venv-duckdb2/bin/python -m pytest tests/analytics tests/reports tests/guarantees

clean:
	rm -rf $(VENV) $(BENCH) .venv-duckdb2 .pytest_cache .mypy_cache .ruff_cache .hypothesis

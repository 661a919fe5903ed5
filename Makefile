# make site and make test do all their own set-up on a machine with python3, venv and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FRONT := site/static/front/engine.js
JUDGES := .tools/.ready
TESTS ?=

.PHONY: site test check lint serve golden bench clean

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "venv is missing: apt-get install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@# A wheel's modules come compiled, those of a checkout would be compiled by the first build.
	@$(BIN)/python -m compileall -q src
	@touch $(READY)

# Where an installation failed (no network, say) the tests go on without, and it is tried again the next time.
$(JUDGES): $(addprefix tests/tools/,install.sh debian.txt package.json package-lock.json .npmrc)
	@tests/tools/install.sh && mkdir -p $(@D) && touch $@ || true

# The scripts of the pages. Without Node and without network the site is built without them, and says so.
$(FRONT): $(wildcard site/front/*.json site/front/*.mjs site/front/.npmrc site/front/src/* site/front/licences/*) | $(READY)
	@site/front/make.sh || true

site: $(READY) $(FRONT)
	$(BIN)/pledge-ld build --out site/public
	@echo "open site/public/index.html, or run: make serve"

test: $(READY) $(FRONT) $(JUDGES) lint
	$(BIN)/python -m pytest -n 2 -r fEs -m "not long" $(TESTS)

check: $(READY) $(FRONT) $(JUDGES) lint
	$(BIN)/python -m pytest -n 2 -r fEs $(TESTS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

serve: site
	$(BIN)/pledge-ld serve site/public

golden: $(READY)
	$(BIN)/python docs/generate.py
	$(BIN)/python tests/examples/counterexamples.py
	$(BIN)/python -m pytest -n 2 -m "not long" --update-golden $(TESTS)

bench: $(READY)
	$(BIN)/python benchmarks/bench.py

clean:
	rm -rf $(VENV) .tools tests/tools/node_modules site/front/node_modules site/static/front site/public dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Needs only make and a python3 of at least 3.11. Everything else goes into .venv.
PYTHON ?= python3
YEAR   ?= 1860
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.PHONY: help map test lint format docs site release-check gallery build bench fuzz clean

help:
	@echo "make map YEAR=1860   draw the frontier of a year into maps_out/ and print the path"
	@echo "make test            run the whole test suite"
	@echo "make lint            ruff, mypy and the layer contract"
	@echo "make format          let ruff rewrite the sources"
	@echo "make docs            write docs/cli.md and the manual pages from the commands"
	@echo "make site            build the documentation into build/site, and check its links"
	@echo "make release-check   build the files of a release and try them in a bare environment"
	@echo "make gallery         draw the pictures of maps_out/gallery and the README"
	@echo "make build           recompile the dataset from its sources"
	@echo "make bench DATA=FILE compare with other ways to the same answers (docs/bench.md)"
	@echo "make fuzz MINUTES=10 throw bytes at what reads files, dates and commands, and polygons at the partition"
	@echo "make clean           remove .venv and caches"

# YEAR may be a date or the name of a version too: make map YEAR=kyakhta-1727
map: .venv/installed
	@mkdir -p maps_out
	@$(BIN)/marchland map "$(YEAR)"

test: .venv/installed-dev
	$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/installed
	$(BIN)/python docs/write_cli.py

# Sphinx stays out of the development tools: it is only for this.
site: .venv/installed-docs
	$(BIN)/python -m sphinx -q -W -E -b html docs build/site
	$(BIN)/python docs/check_site.py build/site

release-check: .venv/installed-release
	@.ci/release

gallery: .venv/installed-dev
	$(BIN)/python docs/write_gallery.py
	$(BIN)/python docs/write_images.py

build: .venv/installed-dev
	$(BIN)/marchland build

# DATA is CShapes 2.0 as TopoJSON; BENCH_ARGS=--quick leaves out what takes minutes and gigabytes.
bench: .venv/installed-dev
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/bench/run.py $(if $(DATA),--data "$(DATA)") $(BENCH_ARGS)

# First many random boundaries, then bytes for so many minutes; what is found goes to build/fuzz.
MINUTES ?= 10
fuzz: .venv/installed-fuzz
	HYPOTHESIS_PROFILE=deep $(BIN)/python -m pytest -n 2 tests/fuzz
	$(BIN)/python tests/fuzz/run.py --minutes $(MINUTES)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.venv/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "marchland needs Python 3.11 or later; say which: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "creating .venv ..." >&2
	@$(PYTHON) -m venv .venv
	@touch $@

# The package is installed editable: only its dependencies and entry points can go out of date.
.venv/installed: pyproject.toml .venv/created
	@echo "installing marchland into .venv ..." >&2
	@$(PIP) install --editable . >&2
	@touch $@

.venv/installed-dev: pyproject.toml .venv/created
	@echo "installing marchland and its development tools into .venv ..." >&2
	@$(PIP) install --editable '.[dev]' >&2
	@touch .venv/installed $@

.venv/installed-docs: .venv/installed-dev
	@echo "installing what builds the documentation ..." >&2
	@$(PIP) install --editable '.[docs]' >&2
	@touch $@

.venv/installed-fuzz: .venv/installed-dev
	@$(PIP) install --editable '.[fuzz]' >&2
	@touch $@

.venv/installed-release: .venv/installed-dev
	@$(PIP) install --editable '.[release]' >&2
	@touch $@

# Needs only make and a python3 of at least 3.11. Everything else goes into .venv.
PYTHON ?= python3
YEAR   ?= 1860
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.PHONY: help map test lint format docs site release-check gallery build bench fuzz load interchange sbom test-oldest test-pythons clean

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
	@echo "make load            many runs on one cache, and many pages in one process"
	@echo "make interchange     let others' validators judge what is written"
	@echo "make test-oldest     the suite with the oldest dependencies allowed"
	@echo "make test-pythons    the suite on every Python from 3.11 on that is here"
	@echo "make sbom            write a bill of materials to build/sbom.cdx.json"
	@echo "make clean           remove .venv and caches"

# YEAR may be a date or the name of a version too: make map YEAR=kyakhta-1727
map: .venv/installed
	@mkdir -p maps_out
	@$(BIN)/marchland map "$(YEAR)"

# Three at once on two processors: one of them mostly waits for a browser or a command it has started.
test: .venv/installed-dev
	$(BIN)/python -m pytest -n 3 --dist worksteal $(PYTEST_ARGS)

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

load: .venv/installed-dev
	$(BIN)/python tests/load/run.py

interchange: .venv/installed-interchange
	build/interchange-venv/bin/python tests/interchange/run.py

sbom: .venv/installed-dev
	$(BIN)/python docs/write_sbom.py

# Old libraries warn of what newer ones beside them will drop: there a warning is no failure.
test-oldest: .venv/created
	$(PYTHON) -m venv build/oldest
	$(BIN)/python tests/oldest.py > build/oldest/pins.txt
	build/oldest/bin/python -m pip --disable-pip-version-check -qq install --editable '.[build,dask,notebooks,parquet]' -r tests/tools.txt -c build/oldest/pins.txt
	PATH="$(CURDIR)/build/oldest/bin:$$PATH" build/oldest/bin/python -m pytest -n 2 --dist worksteal -o filterwarnings=default \
	  -k 'not compiled_files_are_what_the_sources_say and not build' $(PYTEST_ARGS)

PYTHONS ?= 3.11 3.12 3.13
test-pythons:
	@failed=; for version in $(PYTHONS); do \
	  python$$version -c '' 2>/dev/null || { echo "no Python $$version here"; continue; }; \
	  { python$$version -m venv build/python$$version && \
	  build/python$$version/bin/python -m pip --disable-pip-version-check -qq install --editable '.[dev]' && \
	  PATH="$(CURDIR)/build/python$$version/bin:$$PATH" build/python$$version/bin/python -m pytest -n 2 --dist worksteal $(PYTEST_ARGS); } \
	  || failed="$$failed $$version"; \
	done; [ -z "$$failed" ] || { echo "failed on Python$$failed" >&2; exit 1; }

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

# In an environment of their own: validators want older versions of what marchland uses too.
.venv/installed-interchange: .venv/created
	@$(PYTHON) -m venv build/interchange-venv
	@build/interchange-venv/bin/python -m pip --disable-pip-version-check -qq install --editable '.[build,parquet,interchange]' >&2
	@$(PYTHON) -m venv build/cffconvert
	@build/cffconvert/bin/python -m pip --disable-pip-version-check -qq install cffconvert >&2
	@touch $@

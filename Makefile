# A thin door: after set-up every target is one line over a tool or `python -m poolgrader VERB`.
.DEFAULT_GOAL := help
# Looked up before .venv stands in PATH: an environment must not be made by its own python.
ifndef PYTHON
PYTHON := $(shell command -v python3)
endif
PORT   ?= 8000
VENV   := .venv
READY  := $(VENV)/ready
HTML   := build/_build/html
BOOK   := build/book
RELEASE := build/released
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONUNBUFFERED := 1

SOURCES := $(shell find solutions -name '*.py' 2>/dev/null) poolgrader/learner_notebooks.py
PAGES   := $(shell find book -type f -not -name '.*' 2>/dev/null) _config.yml _toc.yml $(wildcard poolkit/*.py benchmarks/speed/*.py benchmarks/results/*)

.PHONY: help course fast test quick book archive site-report learn grade exercises lint unit mutation experiments conformance bench nightly lock clean

help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

course: $(BOOK) $(RELEASE)  ## Everything: set up, build the book, make the notebooks, grade a sample class
	python -m poolgrader sample
	@echo "Book:      $(HTML)/index.html (or: make book)"

test: $(READY)  ## All tests, linters, doctests, the strict book build, the freshness checks
	python tests/outside.py
	$(MAKE) --no-print-directory --jobs=2 --output-sync lint $(BOOK)
	$(MAKE) --no-print-directory unit

quick: $(READY)  ## While you work: formatting, and the quick tests of poolkit and of the checks (under 2 minutes)
	ruff check .
	ruff format --check .
	python -m pytest -n auto --dist loadfile -m "not slow and not browser" poolkit poolgrader solutions \
	  tests/poolkit tests/poolgrader

book: $(BOOK)  ## Build the book and serve it on this machine (PORT=8000)
	python -m http.server --bind 127.0.0.1 --directory $(HTML) $(PORT)

archive: $(BOOK)  ## The site as one file, to read from a disk
	@ls -l $(HTML)/poolkit-course.zip

site-report: $(BOOK)  ## Lighthouse, weight and answering time of the site (a measurement; installs Lighthouse)
	python -m benchmarks.site_report

learn: $(READY)  ## Open JupyterLab on your own copy of the notebooks, in work/
	python -m poolgrader learn

grade: $(READY)  ## Grade what lies under grading/submitted/<learner>/<assignment>/
	python -m poolgrader grade

exercises: $(READY)  ## Generate exercises/ from solutions/
	python -m poolgrader exercises

lint: $(READY)  ## Linters, types, spelling, and who may import whom
	ruff check .
	ruff format --check .
	mypy
	codespell
	lint-imports
	oxlint --deny-warnings book/_static tests/book
	clang-format --dry-run --Werror poolkit/kernel.cpp

unit: $(READY)  ## The tests alone
	python -m pytest -n auto --dist loadfile

fast: $(READY)  ## Compile poolkit's kernel (needs a C++ compiler; half a minute)
	python -c "from poolkit import compiled; print(compiled.build())"

mutation: $(READY)  ## Every small edit of every right answer (20 seeds), every known implementation (200) against the grader
	python -m poolgrader mutation --generated
	python -m poolgrader mutation

experiments: $(READY)  ## Every table of chapters 8 and 9 again, from nothing (13 minutes on 2 cores); of 11, what the installed frameworks say
	python -m book.experiments --afresh
	python -m book.experiments.frameworks

conformance: $(READY)  ## All of torch's, ONNX's, Keras's and JAX's samples against poolkit (installs Keras and JAX)
	python -m pip install --no-build-isolation -e '.[peers]'
	POOLKIT_SAMPLES=all python -m pytest tests/poolkit/test_opinfo.py tests/poolkit/test_onnx.py tests/poolkit/test_peers.py

bench: $(READY)  ## How fast is pooling: torch, poolkit and everybody else (installs them; about an hour, nothing else running)
	python -m pip install --no-build-isolation -e '.[bench]'
	$(MAKE) --no-print-directory fast
	python -m benchmarks.pooling --ship
	python -m benchmarks.pooling_gpu --into benchmarks/results/pooling_gpu.json

nightly: $(READY)  ## What is long by nature: the whole matrix, all attacks in every mode, 5,000 broken notebooks
	python -m poolgrader mutation --generated
	python -m poolgrader mutation
	NIGHTLY=1 python -m pytest tests/jail tests/poolgrader/test_three_ways.py tests/poolgrader/test_questions.py \
	  tests/poolgrader/test_strangers_answers.py tests/book
	python benchmarks/notebooks.py
	python -m tests.jail.fuzz 5000 --write
	python -m tests.jail.attacks_page
	python -m tests.classroom.crash 30 --write

lock:  ## Write requirements.lock again (needs uv)
	uv pip compile pyproject.toml --group build --group book --group grade --group fast --group test --group lint \
	  --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-package torch --no-annotate \
	  --custom-compile-command "make lock" -o requirements.lock

clean:  ## Remove what was built; your work/ and grading/ stay
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --no-build-isolation -e .
	touch $@

$(BOOK): $(READY) $(PAGES)
	jupyter-book build . -W -n --keep-going --path-output build
	@mkdir -p $@ && touch $@

$(RELEASE): $(READY) $(SOURCES)
	python -m poolgrader exercises --into $@
	touch $@

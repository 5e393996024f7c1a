# A thin door: after set-up every target is one line over a tool or `python -m poolgrader <verb>`.
PYTHON ?= python3
VENV   := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --no-build-isolation -e .
	touch $@

lock:  ## Write requirements.lock again (needs uv)
	uv pip compile pyproject.toml --group build --group book --group grade --group test --group lint \
	  --universal --python-version 3.11 --generate-hashes --no-emit-package torch --no-annotate \
	  --custom-compile-command "make lock" -o requirements.lock

.DEFAULT_GOAL := help
SHELL := /bin/bash
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PYTHON ?= python3
RUN := .venv/bin
# Compiled once, not at each of the many starts that a target may make.
unexport PYTHONDONTWRITEBYTECODE

help: ## show what there is to do
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: install ## simulate a year and write its newsletters and digests into out/
	@$(RUN)/tandem demo --out out

test: install ## run all tests that need no Docker, Java, browser or broker
	@$(RUN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

words: install ## bring the catalogue of every language up to date with the templates and the code
	@$(RUN)/python -m tests.catalogues

lint: install ## check style, types, imports and the documents
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/mypy
	@$(RUN)/lint-imports

docs: install ## write the parts of the documents that are made from the code
	@PYTHONPATH=. $(RUN)/python .ci/write_docs.py

bench: install ## measure speed, as ratios against floors of the same run
	@$(RUN)/python -m tests.benchmarks

bench-kafka: install ## the same from Kafka, beside programs that do the same or less
	@$(RUN)/python -m tests.benchmarks.streaming

bench-sending: install ## measure sending beside a bare loop and the usual chain, and a release to 100,000
	@$(RUN)/python -m tests.benchmarks.sending

up-local: install ## run all of it on this machine, without Docker, until Ctrl-C
	@exec $(RUN)/python .ci/up_local.py

chaos: install ## kill and disturb detectors, on both databases, and judge what is left; takes half an hour
	@.ci/kafka $(RUN)/python -m tests.chaos
	@.ci/postgres .ci/kafka $(RUN)/python -m tests.chaos --database postgresql

sending-year: install ## send a year of editions by themselves under kills, on both databases; takes an hour
	@$(RUN)/python -m tests.sending_year
	@.ci/postgres $(RUN)/python -m tests.sending_year --database postgresql

install: .venv/.installed
.venv/.installed: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Tandem needs Python 3.11 or newer; name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@test -x $(UV) || { $(PYTHON) -m venv .uv && .uv/bin/python -m pip install --quiet --disable-pip-version-check uv; }
	@$(UV) sync --locked --quiet --python "$$(command -v $(PYTHON))"
	@touch $@

.PHONY: help demo test words docs lint bench bench-kafka bench-sending chaos sending-year up-local install

.DEFAULT_GOAL := help
SHELL := /bin/bash
UV := $(shell command -v uv 2>/dev/null || echo .venv/bin/uv)
PYTHON ?= python3
RUN := .venv/bin

help: ## show what there is to do
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: install ## simulate a year and write its newsletters and digests into out/
	@$(RUN)/tandem demo --out out

test: install ## run all tests that need no Docker, Java, browser or broker
	@$(RUN)/python -m pytest -q

lint: install ## check style, types, imports and the documents
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/mypy
	@$(RUN)/lint-imports

bench: install ## measure speed, as ratios against floors of the same run
	@$(RUN)/python -m tests.benchmarks

install: .venv/.installed
.venv/.installed: pyproject.toml uv.lock
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@command -v $(UV) >/dev/null || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@UV_PROJECT_ENVIRONMENT=.venv $(UV) sync --locked --quiet
	@touch $@

.PHONY: help demo test lint bench install

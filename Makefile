# Every command of this checkout; `make help` lists them. Each one sets up what it needs first.

PYTHON ?= python3
BIN := .venv/bin
SETUP := $(PYTHON) packaging/setup_machine.py
SAMPLE := tests/cases/sample_visit/visit.flac
SAMPLE_DATE := 2026-06-15

.DEFAULT_GOAL := help
.PHONY: help setup setup-test setup-full run test test-full test-security soak check format lock bench clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##/\1:/p' Makefile | column -t -s: 2>/dev/null || sed -n 's/:.*##/ /p' Makefile

setup:  ## everything the program needs, with the default models
	@$(SETUP) run

setup-test:
	@$(SETUP) test

setup-full:
	@$(SETUP) test-full

run: setup  ## turn the sample visit into a coded note (in the window if there is a display)
	@sh packaging/run_sample.sh $(SAMPLE) $(SAMPLE_DATE)

test: setup-test  ## all tests but the long ones and the proofs of safety; small models
	@$(BIN)/python -m pytest -m "not full and not security"

test-full: setup-full  ## the long tests, with the default models
	@$(BIN)/python -m pytest -m full

test-security: setup-test  ## the proofs of docs/security.md, about ten minutes
	@$(BIN)/python -m pytest tests/security -m "security and not soak"

soak: setup-test  ## the same for hours, with 5,000 kills and 60,000 files
	@$(BIN)/python -m pytest tests/security -m soak

check: setup-test  ## what must be green before a change is done
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -m "not full and not security"

format: setup-test  ## put the code into its one form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup-full  ## measure speed and memory on this machine
	@$(BIN)/python tests/bench/bench_visit.py
	@$(BIN)/python tests/bench/bench_backup.py

lock:  ## renew the lock files from pyproject.toml
	@sh packaging/lock.sh

clean:  ## remove what was built here; models and visits stay where they are
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

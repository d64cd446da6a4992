# Everything a newcomer needs: `make demo` and `make test` set themselves up in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test check format bench clean

demo: .venv/ready
	$(BIN)/briefwire demo

test: .venv/ready-dev check
	$(BIN)/pytest -q -n 2 --cov --cov-report=term --cov-fail-under=95

check: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: .venv/ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/ready-dev
	$(BIN)/briefwire bench

clean:
	rm -rf .venv

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Briefwire needs Python 3.11 or newer; found " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/ready: pyproject.toml deploy/constraints.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -c deploy/constraints.txt -e .
	touch $@

.venv/ready-dev: pyproject.toml deploy/constraints.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -c deploy/constraints.txt -e '.[dev]'
	touch .venv/ready $@

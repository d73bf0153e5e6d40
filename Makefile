# Everything starts from a fresh clone with Python 3.11+ and make; nothing else is prepared by hand.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check bench lock clean

demo: .venv/ready
	$(BIN)/falsetto demo

test: .venv/ready
	$(BIN)/python -m pytest

# Everything that CI checks but the tests.
check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready
	$(BIN)/python -m benchmarks

# The lock holds hashes and no address: any package index can serve it.
lock: .venv/ready
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header --no-annotate -o requirements.lock

.venv/ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

clean:
	rm -rf .venv

# Everything starts from a fresh clone with Python 3.11+ and make; nothing else is prepared by hand.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check bench mutants lock clean

demo: .venv/ready
	$(BIN)/falsetto demo

test: .venv/ready
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Everything that CI checks but the tests.
check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready
	$(BIN)/python -m benchmarks

# How many small changes to the core the nearest tests notice. Not in CI: hours. MUTANTS="--sample 50 --only storage/limits.py"
MUTANTS ?= --sample 200
mutants: .venv/ready
	test -x .venv/mutants/bin/python || $(BIN)/python -m venv .venv/mutants
	.venv/mutants/bin/python -m pip install --quiet --disable-pip-version-check "cosmic-ray>=8.7"
	.venv/mutants/bin/python -c "import sys, pathlib, sysconfig; pathlib.Path(sysconfig.get_path('purelib'), 'lent.pth').write_text(sys.argv[1])" \
		"$$($(BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")"
	.venv/mutants/bin/python -m benchmarks.mutants --python $(BIN)/python $(MUTANTS)

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

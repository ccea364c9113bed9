PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install demo run test test-shap test-spark check bench characteristics clean
.DEFAULT_GOAL := demo

$(BIN)/fullcircle: pyproject.toml constraints.txt
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(BIN)/.dev: $(BIN)/fullcircle
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev
	@touch $@

install: $(BIN)/fullcircle ## A virtual environment with everything pinned

demo: install ## The dashboard on the flights project
	$(BIN)/fullcircle demo

run: install ## The dashboard on an empty workspace of your own
	$(BIN)/fullcircle up

check: $(BIN)/.dev ## Style, types, import contracts
	$(BIN)/ruff format --check core dashboard tests sample_data
	$(BIN)/ruff check core dashboard tests sample_data
	$(BIN)/pyright
	$(BIN)/lint-imports

test: check ## Everything that must hold
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-spark: $(BIN)/.dev ## Both engines of core/frames; fetches PySpark (460 MB), needs Java 17
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[spark]"
	$(BIN)/python -m pytest -q -rs tests/core/frames/test_engines.py

test-shap: $(BIN)/.dev ## What inputs move by SHAP; fetches the extra (200 MB)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[shap]"
	$(BIN)/python -m pytest -q -rs tests/core/modelling/test_shapley.py

bench: $(BIN)/.dev ## Speed, beside the peer or the floor
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -q tests/benchmarks --override-ini "addopts=--import-mode=importlib"

characteristics: $(BIN)/.dev ## What verdicts are worth: of drift, beside Evidently and NannyML, and of comparisons (an hour)
	$(BIN)/python -m tests.operating

clean:
	rm -rf $(VENV)

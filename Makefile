# What a newcomer types: `make setup APP=path/to/app`, `make update APP=...` and `make test`.
# After a change of the template's TypeScript: `make javascript`. After one of a question, an option
# or a message: `make docs`.
# `make fuzz` runs a minute; `make fuzz ARGS='--count 1000000'` as long as that takes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup update events wire unwire doctor remove dev javascript docs test test-nightly fuzz fuzz-readers faults requirements lint check format clean

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.txt
	$(BIN)/pip install --quiet --group dev
	touch $@

# The command in a clone; its hints name it in this form.
setup update events wire unwire doctor remove dev: $(VENV)/installed
	@test -n "$(APP)" || { echo 'Say which app: make $@ APP=path/to/app'; exit 2; }
	@REDWOOD_INNGEST_BY_MAKE="$(APP)" $(BIN)/redwood-inngest $@ "$(APP)" $(ARGS)

tools/node_modules/.package-lock.json: tools/package-lock.json
	npm ci --prefix tools --no-audit --no-fund

javascript: tools/node_modules/.package-lock.json
	node tools/make_javascript.mjs

# After a change of what the command asks, offers or prints.
docs: $(VENV)/installed-dev
	$(BIN)/python -m tools.make_reference
	$(BIN)/python -m tools.record_session

# The tests start our commands again and again: Python has to keep what it has compiled.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder

test: lint
	$(PYTEST)

fuzz: $(VENV)/installed-dev fuzz-readers
	$(BIN)/python -m tests.fuzz $(ARGS)

test-nightly: lint
	$(PYTEST) -m nightly

# Coverage-guided inputs for what reads other people's files, for as long as asked.
SECONDS ?= 60
fuzz-readers: $(VENV)/installed-dev
	$(BIN)/pip install --quiet --group fuzz
	$(BIN)/python -m tests.fuzz.guided $(SECONDS)

# A fault at every call that writes into an app.
faults: $(VENV)/installed-dev
	FAULTS_EVERY=1 $(BIN)/pytest -s tests/faults

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# After a change of the dependencies in pyproject.toml.
requirements: $(VENV)/installed
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.10 --upgrade \
	  --generate-hashes --no-header --no-annotate --quiet --output-file requirements-dev.txt

clean:
	rm -rf $(VENV) tools/node_modules dist .mypy_cache .pytest_cache .ruff_cache

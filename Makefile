# helpdesk: `make run` tries it, `make test` proves it. Everything that is needed is installed by `make setup`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
WHEELS := .cache/wheels
STAMP  := $(VENV)/.ready

.PHONY: help setup run test check docs bench soak fuzzer lock clean servers

help:  ## show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(STAMP)  ## make .venv with everything in it, from the lock file

$(STAMP): requirements.lock pyproject.toml
	@PYTHON="$(PYTHON)" VENV="$(VENV)" WHEELS="$(WHEELS)" sh scripts/setup.sh
	@touch $@

run: setup  ## play the demo: a small company, its customers, an embedded mail server
	$(BIN)/helpdesk demo

servers:  ## install the mail and database servers that the tests start (as root, with apt)
	@sh scripts/servers.sh

# Most tests wait for servers: two for each of two cores.
test: setup servers check  ## every check and every test
	$(BIN)/python -m pytest -n 4 --dist loadgroup

check: setup  ## style, types and the house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: setup  ## write docs/reference/ anew, out of the code
	$(BIN)/python scripts/reference.py

bench: setup servers  ## measure; the last figures are in docs/performance.md
	$(BIN)/python -m bench.run --what all
	$(BIN)/python -m bench.understanding

fuzzer: setup  ## install the coverage-guided fuzzer, where there is one for this machine
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: \
		-r requirements-fuzz.lock || echo "no atheris here: its half hour of make soak is skipped"

soak: setup servers fuzzer  ## the long forms of the fault runs, and everything on PostgreSQL too; some hours
	$(BIN)/python -m pytest -n 2 --dist loadgroup --database postgresql -m "soak or not soak"

lock:  ## renew the lock file (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock
	uv pip compile --group pyproject.toml:fuzz --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --quiet -o requirements-fuzz.lock

clean:  ## remove what setup and the tests made
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist

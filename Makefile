# The two commands of the README: `make serve` and `make test`. Everything they need is installed here.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: serve chat test check clean

serve: $(READY)
	@$(BIN)/qa index add seeds --quiet
	@$(BIN)/qa serve --example 'How many children needed specialist services?'

chat: $(READY)
	@$(BIN)/qa index add seeds --quiet
	@$(BIN)/qa chat

test: $(READY) check
	$(BIN)/pytest --numprocesses auto --dist loadfile

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

clean:
	rm -rf .venv .qa

# Made again whenever the dependencies change.
$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[formats,mcp]' --group dev
	@touch $@

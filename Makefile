# The two commands of the README: `make serve` and `make test`. Everything they need is installed here.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

# Tests start many processes: what one has compiled, the others need not.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve chat test check screenshot clean

serve: $(READY)
	@$(BIN)/qa index add seeds --quiet
	@$(BIN)/qa serve --example 'How many children needed specialist services?'

chat: $(READY)
	@$(BIN)/qa index add seeds --quiet
	@$(BIN)/qa chat

# The page is tested in Chromium, which root on Debian gets here; the tests tell others how to.
test: $(READY) check
	@if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && ! command -v chromium > /dev/null; \
	then apt-get update -qq && apt-get install -qq --yes --no-install-recommends chromium; fi
	$(BIN)/pytest --numprocesses auto --dist loadfile

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

# The README's picture of the page.
screenshot: $(READY)
	$(BIN)/python -m tests.api.web.screenshot docs/page.png

clean:
	rm -rf .venv .qa

# Made again whenever the dependencies change.
$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[formats,mcp]' --group dev
	@touch $@

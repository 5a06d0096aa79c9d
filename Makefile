# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help

.PHONY: help
help: ## List every target in a line
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | awk -F'\t' '{printf "  make %-16s %s\n", $$1, $$2}'

$(VENV)/.base: requirements/base.txt
	@sh requirements/install.sh base

$(VENV)/.dev: requirements/dev.txt
	@sh requirements/install.sh dev

.PHONY: demo
demo: $(VENV)/.base ## Start a shop with an imported catalogue and test payments (RESET=1 starts over)
	@$(BIN)/python -m storefront.setup.demo $(if $(RESET),--reset)

.PHONY: test
test: $(VENV)/.dev ## Run the whole suite on the embedded defaults
	@$(BIN)/python -m pytest -n auto -m "not long and not postgres and not browser and not compose"

.PHONY: test-long
test-long: $(VENV)/.dev ## Run what takes its time: large files, fuzzing, killed processes (redis-server)
	@$(BIN)/python -m pytest -n auto -m "long and not postgres and not browser and not compose"

.PHONY: test-postgres
test-postgres: $(VENV)/.dev ## Run what locks or races on PostgreSQL (DATABASE_URL, by default the local server; redis-server)
	@DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m postgres

.PHONY: test-browser
test-browser: $(VENV)/.dev ## Run the journeys in a real Chromium (pictures in var/journeys)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder -m browser

.PHONY: test-compose
test-compose: $(VENV)/.dev ## Build the image, start the stack, buy something through Caddy, stop it
	@$(BIN)/python -m pytest -m compose

.PHONY: screenshots
screenshots: $(VENV)/.dev ## Photograph every page kind at 390 and 1440 px, in each theme, light and dark, into var/screenshots
	@$(BIN)/python -m tests.journeys.screenshots

.PHONY: bench
bench: $(VENV)/.dev ## Print how fast the demo opens, how many queries a page takes, how fast an import is
	@$(BIN)/python -m tests.benchmarks

.PHONY: bench-import
bench-import: $(VENV)/.dev ## Print import rates and memory on SQLite and PostgreSQL beside a bare COPY (ARGS="--million")
	@$(BIN)/python -m tests.benchmarks import $(ARGS)

.PHONY: bench-subsidies
bench-subsidies: $(VENV)/.dev ## Print what figures, reconciliation and dossier of 100,000 orders take, in seconds and memory
	@$(BIN)/python -m tests.benchmarks subsidies

.PHONY: bench-web
bench-web: $(VENV)/.dev ## Print how fast pages and basket answer beside a stock Oscar (PostgreSQL, redis-server; ARGS="--100k")
	@$(BIN)/python -m tests.benchmarks.web $(ARGS)

.PHONY: bench-checkout
bench-checkout: $(VENV)/.dev ## Print checkouts per second on PostgreSQL with Stripe answering in 150 ms, p95 and SQL counts
	@DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} $(BIN)/python -m tests.benchmarks checkout

.PHONY: lighthouse
lighthouse: $(VENV)/.dev ## Print Lighthouse's mobile scores of the shop as production serves it (needs caddy, npm, PostgreSQL, Redis)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.benchmarks.lighthouse

.PHONY: check check-code check-migrations
check: check-code check-migrations ## Lint, types, layers, migrations, snapshot (make -j2: two at a time)

check-code: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check-migrations: $(VENV)/.dev
	@SQLITE_FILE=:memory: $(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py make_snapshot --check

.PHONY: snapshot
snapshot: $(VENV)/.dev ## Write the SQL snapshot a new SQLite shop starts from (after a new migration)
	@$(BIN)/python manage.py make_snapshot

.PHONY: messages
messages: $(VENV)/.dev ## Bring the catalogues of translations in step with the sources, and compile them
	@$(BIN)/python -m storefront.locale update

.PHONY: compile-messages
compile-messages: $(VENV)/.dev ## Compile the catalogues after translating
	@$(BIN)/python -m storefront.locale compile

.PHONY: lock
lock: ## Resolve requirements/*.in into locked files with hashes
	@uv --version >/dev/null 2>&1 || $(BIN)/pip install -q uv
	@for name in base production dev localstripe; do PATH="$(BIN):$$PATH" uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/$$name.txt requirements/$$name.in; done

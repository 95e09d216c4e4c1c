# Plain `make` lists the targets. Everything happens in this folder, in the virtual environment .venv.

export PORT ?= 8501
PYTHON := .venv/bin/python
SETUP := @sh make/python.sh make/setup.py

.DEFAULT_GOAL := help
.PHONY: help setup run share test check bench proof screenshots format requirements

help: ## list the targets
	@echo "Understudy: a living model of a business that rehearses decisions before they are made."
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

setup: ## make .venv and install what the app needs
	$(SETUP)

run: ## set up, build the demo twin and open the app (PORT=8501)
	$(SETUP)
	@$(PYTHON) make/run.py

share: ## the same, open to the local network behind an access code
	$(SETUP)
	@$(PYTHON) make/run.py --share

test: ## set up everything, a browser too, and run all checks and tests
	$(SETUP) --tests --browser
	@$(PYTHON) make/check.py --all

check: ## the quick loop: format, lint, types, import contracts, tests without a browser
	$(SETUP) --tests
	@$(PYTHON) make/check.py

format: ## put the code into its format and mend what ruff can mend
	$(SETUP) --tests
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

bench: ## measure the figures of BENCHMARKS.md (at most 15 minutes)
	$(SETUP) --tests --browser
	@$(PYTHON) -m bench

proof: ## play the long studies against theory and write docs/proof.md
	$(SETUP) --tests
	@$(PYTHON) -m tests.proof

screenshots: ## photograph every page, light and dark, wide and narrow, into tests/output
	$(SETUP) --tests --browser
	@$(PYTHON) -m tests.screenshots

requirements: ## pin the packages of pyproject.toml anew (UPGRADE=1 takes the newest)
	$(SETUP)
	@$(PYTHON) make/requirements.py

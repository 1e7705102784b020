# Everything that is done often. Extra words for a command: make test ARGS="-k passport"

VENV := .venv/bin
LOCK := .tools/bin/uv pip compile --quiet --universal --generate-hashes --no-header $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help setup run stop test lint check train speech piper lock audit bench

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make the environments .venv and .venv-engine, where they are missing or old
	@requirements/set_up.sh run

run: setup ## Set up and train what is missing, start everything, print the page's address; Ctrl-C stops
	@$(VENV)/kratt train
	@exec $(VENV)/kratt up $(ARGS)

stop: ## Stop what runs in the background
	@$(VENV)/kratt down

train: setup ## Train the dialogue model, if the content has changed
	@$(VENV)/kratt train $(ARGS)

test: ## Set up what is missing and run all tests
	@requirements/set_up.sh dev
	@$(VENV)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadscope $(ARGS)

lint: ## Format, lint, types, layers and dependencies
	@requirements/set_up.sh dev
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/deptry .

check: lint ## The same and the quick tests
	$(VENV)/python -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadscope tests/unit tests/contract tests/architecture

speech: ## Build the English speech model from the content; installs what that takes
	@requirements/set_up.sh speech
	@$(VENV)/kratt speech build

piper: ## Make the environment .venv-piper, for voices by Piper
	@requirements/set_up.sh piper

lock: ## Pin the dependencies of pyproject.toml in requirements/; newer releases with ARGS=--upgrade
	@requirements/set_up.sh tools
	$(LOCK) --python-version 3.11 --group pyproject.toml:app -o requirements/app.txt
	$(LOCK) --python-version 3.11 --group pyproject.toml:app --group pyproject.toml:speech -c requirements/app.txt -o requirements/speech.txt
	$(LOCK) --python-version 3.11 --group pyproject.toml:app --group pyproject.toml:speech --group pyproject.toml:dev -c requirements/speech.txt -o requirements/dev.txt
	$(LOCK) --python-version 3.11 --group pyproject.toml:piper -c requirements/dev.txt -o requirements/piper.txt
	$(LOCK) --python-version 3.10 --group pyproject.toml:engine -o requirements/engine.txt
	printf 'setuptools\nwheel\n' | $(LOCK) --python-version 3.10 --no-annotate -o requirements/build.txt -
	echo uv | $(LOCK) --python-version 3.11 --no-annotate -o requirements/uv.txt -

audit: ## Look the pinned packages up in PyPI's advisories; asks PyPI about each
	@requirements/set_up.sh tools
	@for each in speech piper engine; do .tools/bin/uv tool run --quiet pip-audit==2.10.1 --strict --disable-pip --require-hashes --requirement requirements/$$each.txt || exit 1; done

bench: setup ## Measure what the README claims, side by side with what one would use instead: half an hour
	@for each in text_turns spoken_turns recognisers speech_capacity xroad_client values languages features set_up save_to_live task_success; do $(VENV)/python benchmarks/$$each.py || exit 1; done

.PHONY: run test lint docs languages bench bench-outcomes

run:
	python3 bootstrap.py run

test:
	python3 bootstrap.py test

lint:
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/lint-imports
	.venv/bin/mypy
	.venv/bin/djlint src --lint --quiet

docs:
	.venv/bin/python -m mkdocs build --strict

languages:
	.venv/bin/python -m tests.languages

bench:
	.venv/bin/python -m bench

bench-outcomes:
	.venv/bin/python -m bench.outcomes

.PHONY: run test lint docs bench bench-outcomes faults moves

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

bench:
	.venv/bin/python -m bench

bench-outcomes:
	.venv/bin/python -m bench.outcomes

# Each campaign is a target of its own; `make -k faults` goes on after one that did not hold.
faults: moves

moves:
	.venv/bin/python -m tests.faults.moving 100

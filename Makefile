.PHONY: run test lint docs bench bench-outcomes

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

# A campaign of `make faults`.
.PHONY: faults alerts
faults: alerts

alerts:
	.venv/bin/python -m tests.faults.hardship.alerts 100000

bench:
	.venv/bin/python -m bench

bench-outcomes:
	.venv/bin/python -m bench.outcomes

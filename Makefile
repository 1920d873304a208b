.PHONY: run test lint docs languages bench bench-outcomes faults kills power-cuts histories moves alerts mutation

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

# Each campaign is a target of its own; `make -k faults` goes on after one that did not hold.
faults: kills power-cuts histories moves alerts

kills:
	.venv/bin/python -m tests.faults.kills 500

power-cuts:
	.venv/bin/python -m tests.faults.power.cuts 1000

# A practice under many hands that are killed, stopped and cut off, ten minutes on each database.
histories:
	.venv/bin/python -m tests.faults.history --minutes 10
	.venv/bin/python -m tests.faults.history --minutes 10 --postgres

moves:
	.venv/bin/python -m tests.faults.moving 100

alerts:
	.venv/bin/python -m tests.faults.hardship.alerts 100000

# Every function of the policy, the keys, the audit and the clinical rules is changed in a copy: does a test notice?
mutation:
	.venv/bin/python -m tests.mutation

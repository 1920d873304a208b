"""One piece of work in a process of its own: what it says (one line of JSON), and the most memory it ever held.

Matrices are multiplied on one thread everywhere; Polars, DuckDB and our classification use every core.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10  # of what the kernel counts in: bytes there, kilobytes here


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds and processor seconds of the work without reading its input, peak megabytes of the whole process.

    ``said`` is what else it reported.
    """

    seconds: float
    processor: float
    peak: float
    said: dict[str, Any]


def measured(*command: str | Path) -> Measured:
    """Run it to its end; the last line of its output is what it says."""
    paths = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True, cwd=ROOT, env=paths) as process:
        assert process.stdout
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{output}")
    said = json.loads(output.strip().splitlines()[-1])
    return Measured(float(said.pop("seconds")), float(said.pop("processor")), usage.ru_maxrss / MEGABYTE, said)


def ours(work: str, argument: str) -> Measured:
    return measured(sys.executable, "-m", "bench.outcomes.ours", work, argument)

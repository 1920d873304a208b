"""Repeated scores of the reference files, as columns."""

import numpy as np
from numpy.typing import NDArray
from tests.clinical.readers import rows

Column = NDArray[np.float64]


def columns(name: str, *fields: str) -> tuple[Column, ...]:
    """The rows in which all of these fields are known."""
    table = [row for row in rows(name) if all(row[field] not in ("", "NA") for field in fields)]
    return tuple(np.array([float(row[field]) for row in table]) for field in fields)

"""A file of repeated scores, in order: one row per known score, sessions counted from each client's first one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.outcomes.reliable_change import Array

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class CourseTable:
    """Rows by client and session. ``client`` numbers clients from 0, ``starts`` has the first row of each and the end;
    ``therapist`` numbers one therapist per client, where known.
    """

    client: Places
    session: Array
    score: Array
    starts: Places
    therapist: Places | None = None

    @classmethod
    def of(
        cls, clients: ArrayLike, sessions: ArrayLike, scores: ArrayLike, therapists: ArrayLike | None = None
    ) -> CourseTable:
        """Sort a file of rows in any order; rows without a score (NaN) are left out.

        >>> table = CourseTable.of(["b", "a", "a"], [1, 3, 5], [9, 16, 12])
        >>> table.session.tolist(), table.first.tolist()
        ([1.0, 3.0, 1.0], [16.0, 9.0])
        """
        who, at, y = np.asarray(clients), np.asarray(sessions, float), np.asarray(scores, float)
        if not len(who) == len(at) == len(y):
            raise ClinicalError(
                "scores", "The columns differ in length.", "Give client, session and score in each row."
            )
        known = np.isfinite(y)
        if not known.any():
            raise ClinicalError("scores", "There is no score.", "Give a file with a score in each row.")
        if not np.isfinite(at[known]).all():
            raise OutOfRange("sessions", "A session has no number.", "Number the sessions from 1.")
        _, codes = np.unique(who[known], return_inverse=True)
        order = np.lexsort((at[known], codes))
        codes, at, y = codes[order], at[known][order], y[known][order]
        same = np.diff(codes) == 0
        if (same & (np.diff(at) == 0)).any():
            raise ClinicalError("sessions", "A client has two scores of one session.", "Keep one score per session.")
        starts = np.concatenate([[0], np.flatnonzero(~same) + 1, [len(codes)]])
        by = None
        if therapists is not None:
            by = np.unique(np.asarray(therapists)[known][order][starts[:-1]], return_inverse=True)[1]
        return cls(codes, at - at[starts[:-1]][codes] + 1, y, starts, by)

    @property
    def n_clients(self) -> int:
        return len(self.starts) - 1

    @property
    def first(self) -> Array:
        """The first score of each client."""
        return self.score[self.starts[:-1]]

    @property
    def last(self) -> Array:
        """The last score of each client."""
        return self.score[self.starts[1:] - 1]

    @property
    def last_session(self) -> Array:
        return self.session[self.starts[1:] - 1]

    @property
    def first_of_row(self) -> Array:
        """The first score of the client of each row."""
        return self.first[self.client]

    def some(self, clients: NDArray[np.bool_]) -> CourseTable:
        """Only these clients, numbered anew."""
        rows = clients[self.client]
        codes = (np.cumsum(clients) - 1)[self.client[rows]]
        starts = np.concatenate([[0], np.cumsum(np.diff(self.starts)[clients])])
        by = None if self.therapist is None else self.therapist[clients]
        return CourseTable(codes, self.session[rows], self.score[rows], starts, by)

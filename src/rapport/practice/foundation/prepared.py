"""Work a question's SQL out once: `@prepared` on a function that builds a queryset from what it is given.

Django builds and compiles a queryset anew whenever it is asked, which takes it several times as long as the database
needs for the answer. Here the function runs once for every shape of its arguments, with stand-ins for the ids, moments
and days; later questions put their own in their places, and the function does not run at all. A stand-in refuses what
would let the SQL depend on a value: to be compared, reckoned with, taken apart. Roles, choices, numbers, and what is
None, are part of the shape. In the tests every prepared question is also built the plain way, and compared.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator, Sized
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from itertools import count
from typing import Any, Never, ParamSpec, Self, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

P = ParamSpec("P")
Row = TypeVar("Row")
SHAPES = 256  # of one question; further ones are worked out each time
MANY = 256  # ids in one question; with more of them its SQL is the smaller part


class _Place(str):
    """Where a stand-in ended among the parameters, for a database that keeps ids and moments as text."""

    __slots__ = ("number",)
    number: int

    def __new__(cls, number: int) -> Self:
        place = super().__new__(cls, f"<{number}>")
        place.number = number
        return place


def _refuse(*_: object, **__: object) -> Never:
    raise TypeError("A prepared question cannot work with a value: work it out before, and hand the result over.")


class _SomeId(UUID):
    """Stands for an id."""

    @property
    def hex(self) -> str:
        return _Place(self.int)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, UUID) and not isinstance(other, _SomeId):
            _refuse()
        return isinstance(other, _SomeId) and self.int == other.int

    __hash__ = UUID.__hash__
    __lt__ = __gt__ = __le__ = __ge__ = _refuse


class _SomeDay(date):
    """Stands for a day."""

    def __str__(self) -> str:
        return _Place(self.toordinal())

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, date) and _refuse())

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = date.__hash__
    __lt__ = __gt__ = __le__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = replace = weekday = _refuse


class _SomeMoment(datetime):
    """Stands for a moment; Django makes it naive, in its own zone, before it writes it as text."""

    def __str__(self) -> str:
        return _Place(self.toordinal())

    def astimezone(self, tz: tzinfo | None = None) -> Self:
        return self

    def replace(self, *parts: Any, **named: Any) -> Self:
        return self if not parts and named == {"tzinfo": None} else _refuse()

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, datetime) and _refuse())

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = datetime.__hash__
    __lt__ = __gt__ = __le__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = date = time = weekday = _refuse


_STAND_INS: dict[type, Callable[[int], Any]] = {
    UUID: lambda number: _SomeId(int=number),
    date: _SomeDay.fromordinal,
    datetime: lambda number: _SomeMoment.combine(date.fromordinal(number), time(), UTC),
}


def prepared(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """The rows of the queryset that this function builds, read with SQL that is worked out once."""
    plans: dict[Hashable, _Plan] = {}

    @functools.wraps(build)
    def ask(*args: P.args, **named: P.kwargs) -> list[Row]:
        return list(ready(build, plans, args, named))

    return ask


def ready(
    build: Callable[..., QuerySet[Any, Row]],
    plans: dict[Hashable, _Plan],
    args: tuple[Any, ...],
    named: dict[str, Any],
) -> QuerySet[Any, Row]:
    """The queryset for these arguments, worked out already."""
    values: list[Any] = []
    shape = (*(_shape(each, values) for each in args), *((name, _shape(each, values)) for name, each in named.items()))
    if len(values) > MANY:
        return build(*args, **named)
    plan = plans.get(shape)
    if plan is None or plan.compiler.connection.vendor != connections[plan.rows.db].vendor:
        numbers = count(1)
        some = [_stand_in(each, numbers) for each in args]
        plan = _Plan.of(build(*some, **{name: _stand_in(each, numbers) for name, each in named.items()}))
        if len(plans) < SHAPES:
            plans[shape] = plan
    return plan.with_values(values)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A question worked out: what reads its rows, its SQL, and what stands where among the parameters."""

    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> _Plan:
        compiler = rows.query.get_compiler(rows.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:  # the answer is known without asking
            sql, params = "", ()
        return cls(rows, compiler, sql, tuple(params))

    def with_values(self, values: list[Any]) -> QuerySet[Any, Any]:
        """A queryset whose compiler has nothing left to do; all else is Django's own way of reading rows."""
        compiler, query = copy(self.compiler), copy(self.rows.query)
        connection = connections[self.rows.db]
        params = tuple(_filled(each, values, connection) for each in self.params)
        vars(compiler).update(connection=connection, as_sql=lambda *_, **__: (self.sql, params))
        vars(query).update(get_compiler=lambda *_, **__: compiler)
        rows = type(self.rows)(self.rows.model, query, self.rows.db)
        vars(rows).update(
            {name: vars(self.rows)[name] for name in ("_iterable_class", "_fields", "_prefetch_related_lookups")}
        )
        return rows


def _filled(param: Any, values: list[Any], connection: BaseDatabaseWrapper) -> Any:
    """The parameter itself, or the value whose place it holds, as this database takes it."""
    if isinstance(param, _Place):
        value = values[param.number - 1]
    elif isinstance(param, _SomeId):
        value = values[param.int - 1]
    elif isinstance(param, _SomeDay | _SomeMoment):
        value = values[param.toordinal() - 1]
    else:
        return param
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value)


def _shape(value: Any, values: list[Any]) -> Hashable:
    """What of an argument may shape the SQL; what may not is added to the values, in order."""
    if type(value) in _STAND_INS:
        values.append(value)
        return type(value).__name__
    if hasattr(value, "known_by"):  # somebody
        return value.roles, _shape(value.id, values), _shape(value.client_id, values)
    if not _is_ids(value):
        return type(value).__name__, value  # True is not 1
    ids = [*value]
    values += ids + ids[-1:] * (_room(ids) - len(ids))
    return "ids", _room(ids)


def _stand_in(value: Any, numbers: Iterator[int]) -> Any:
    """The same argument with stand-ins for the values, in the order of `_shape`."""
    if type(value) in _STAND_INS:
        return _STAND_INS[type(value)](next(numbers))
    if hasattr(value, "known_by"):
        return value.known_by(_stand_in(value.id, numbers), _stand_in(value.client_id, numbers))
    if not _is_ids(value):
        return value
    return tuple(_SomeId(int=next(numbers)) for _ in range(_room(value)))


def _is_ids(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset) and all(type(each) is UUID for each in value)


def _room(ids: Sized) -> int:
    """So that 5 to 8 ids are one shape; the last is said again."""
    return 1 << (len(ids) - 1).bit_length() if ids else 0

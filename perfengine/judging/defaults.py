"""Requirements for those who have none of their own: what an application of any kind is commonly asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.judging.resolve import resolve
from perfengine.model.mistake import Position
from perfengine.model.operation import Kind
from perfengine.model.requirement import Metric, Requirement
from perfengine.units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.operation import Operation

SOURCE: Final = "default"

_CRITICAL_P95_NS: Final = 200 * NS_PER_MS
_QUERY_P95_NS: Final = 50 * NS_PER_MS
_P95_NS: Final = {
    **dict.fromkeys((Kind.INSERT, Kind.UPDATE, Kind.SINGLE_TRANSITION), _CRITICAL_P95_NS),
    Kind.SIMPLE_SELECT: _QUERY_P95_NS,
}
_OF_RUN: Final = {Metric.ERROR_RATE: 0.01, Metric.CONCURRENT_USERS: 1000}
#: They stand in no file.
_POSITION: Final = Position(path="--requirements default", line=1, column=1)


def default_requirements(
    asked: Sequence[Requirement], run: Sequence[Operation], available: Sequence[Operation]
) -> tuple[Requirement, ...]:
    """Return the default limits on what is run, where nothing of the kind was asked.

    A p95 of 200 ms for creates, updates and transitions of a row, of 50 ms for simple queries; of the run 1 % of
    errors, and 1000 users at the same time.
    """
    return (*_of_operations(asked, run, available), *_of_run(asked))


def _of_operations(
    asked: Sequence[Requirement], run: Sequence[Operation], available: Sequence[Operation]
) -> Iterator[Requirement]:
    limited = {
        operation.name
        for requirement in asked
        if requirement.metric is Metric.P95 and requirement.subject
        for operation in resolve(requirement.subject, available)
    }
    for operation in run:
        limit_ns = _P95_NS.get(operation.kind)
        if limit_ns is not None and operation.name not in limited:
            yield _requirement(operation.name, Metric.P95, limit_ns)


def _of_run(asked: Sequence[Requirement]) -> Iterator[Requirement]:
    limited = {requirement.metric for requirement in asked if requirement.subject is None}
    for metric, limit in _OF_RUN.items():
        if metric not in limited:
            yield _requirement(None, metric, limit)


def _requirement(subject: str | None, metric: Metric, limit: float) -> Requirement:
    return Requirement(
        subject=subject, metric=metric, limit=limit, source=SOURCE, position=_POSITION, group=SOURCE
    )

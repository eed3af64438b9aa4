"""Limits to requirements and service levels, each with the place it was asked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.requirement import Metric, Requirement, ServiceLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from perfengine.spec.shape.limits import LimitsPart, TargetsPart
    from perfengine.spec.shape.part import Part
    from perfengine.spec.shape.requirement_parts import RequirementsPart, ServiceLevelPart

_RUN_METRICS = (
    Metric.CONCURRENT_USERS,
    Metric.THROUGHPUT,
    Metric.ERROR_RATE,
    Metric.MEMORY_PER_REQUEST,
    Metric.CPU_PER_REQUEST,
    Metric.CONNECTIONS,
)


def target_requirements(parts: Iterable[TargetsPart], source: str) -> tuple[Requirement, ...]:
    """Return the limits of a `requirements:` list inside a scenario."""
    return tuple(
        Requirement(
            subject=part.operation,
            metric=metric,
            limit=limit,
            source=source,
            position=part.place(word),
            internal=True,
        )
        for part in parts
        for word, metric, limit in part.limits()
    )


def group_requirements(part: RequirementsPart) -> Iterator[Requirement]:
    """Yield the limits of a requirements document, in its order of groups, those of the whole run with no subject."""
    groups = part.groups
    for group in part.node:
        if group in groups:
            yield from _operation_limits(group, groups)
        elif group == "load" and part.load is not None:
            yield from _run_limits(group, part.load)
        elif group == "resources" and part.resources is not None:
            yield from _run_limits(group, part.resources)


def _operation_limits(group: str, groups: Mapping[str, Mapping[str, LimitsPart]]) -> Iterator[Requirement]:
    for subject, limits in groups[group].items():
        for word, metric, limit in limits.limits():
            yield Requirement(
                subject=subject,
                metric=metric,
                limit=limit,
                source="requirements",
                position=limits.place(word),
                group=group,
            )


def _run_limits(group: str, part: Part) -> Iterator[Requirement]:
    for metric in _RUN_METRICS:
        limit = getattr(part, metric.value, None)
        if limit is not None:
            yield Requirement(
                subject=None,
                metric=metric,
                limit=limit if isinstance(limit, int) else float(limit),
                source="requirements",
                position=part.place(metric.value),
                group=group,
            )


def service_levels(
    tiers: Mapping[str, Sequence[ServiceLevelPart]], notes: list[str]
) -> Iterator[ServiceLevel]:
    """Yield the promises of an SLA document; where availability and error budget disagree, with a note."""
    for tier, parts in tiers.items():
        for part in parts:
            _note_disagreement(part, notes)
            yield ServiceLevel(
                operation=part.operation,
                tier=tier,
                position=part.place("operation"),
                availability=part.availability,
                response_time_p95_ns=part.response_time_p95,
                error_budget=part.error_budget,
            )


def _note_disagreement(part: ServiceLevelPart, notes: list[str]) -> None:
    if part.availability is None or part.error_budget is None:
        return
    allowed = 1 - part.availability
    if allowed != part.error_budget:
        at = part.place("operation")
        notes.append(
            f"{at.path}:{at.line}: {part.operation}: availability {part.availability:f} allows {_percent(allowed)}"
            f" of failures, error_budget {_percent(part.error_budget)}: the stricter is judged too"
        )


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"

"""From the rounds of the open model to what is judged; pure functions on figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchmarks.intervals import spread_of
from benchmarks.report_limit import Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.open_figures import OpenFigures

    #: Name and rate.
    Arm = tuple[str, int]
    Round = Mapping[Arm, OpenFigures]

LATENESS_LIMIT_US: Final = 250.0


def observations_of(rounds: Sequence[Round]) -> list[Observation]:
    """Return the figures that are judged, and the ratios to the driver alone, which have no limit.

    A ratio is taken inside its round.
    """
    return [
        Observation(
            name="at 1000/s: lateness p50",
            unit="µs",
            spread=spread_of([each["perfengine", 1000].lateness_p50_us for each in rounds]),
            at_most=LATENESS_LIMIT_US,
            decimals=0,
        ),
        _ratio("at 1000/s: lateness p99", lambda f: f.lateness_p99_us, 1000, rounds, at_most=2.0),
        _ratio("at 500/s: service p50", lambda f: f.service_p50_us, 500, rounds, at_least=0.9, at_most=1.1),
        _ratio("at 500/s: service p95", lambda f: f.service_p95_us, 500, rounds, at_least=0.75, at_most=1.25),
        _ratio("at 500/s: lateness p99", lambda f: f.lateness_p99_us, 500, rounds, other="bare asyncpg"),
        _ratio("at 500/s: service p50", lambda f: f.service_p50_us, 500, rounds, other="bare asyncpg"),
        _ratio("at 500/s: service p95", lambda f: f.service_p95_us, 500, rounds, other="bare asyncpg"),
        _missing(rounds),
        _achieved(rounds),
    ]


def _ratio(
    name: str,
    read: Callable[[OpenFigures], float],
    rate_per_s: int,
    rounds: Sequence[Round],
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    other: str = "pgbench",
) -> Observation:
    ratios = [read(each["perfengine", rate_per_s]) / read(each[other, rate_per_s]) for each in rounds]
    return Observation(
        name=f"{name} ÷ that of {other}",
        unit="",
        spread=spread_of(ratios),
        at_least=at_least,
        at_most=at_most,
    )


def _missing(rounds: Sequence[Round]) -> Observation:
    """Return the greatest difference of all rounds: it is no matter of chance."""
    most = max(figures.missing for each in rounds for figures in each.values())
    return Observation(
        name="due by the schedule and not counted, or the other way round, at most in any round",
        unit="attempts",
        spread=spread_of([float(most)]),
        at_most=0,
        decimals=0,
    )


def _achieved(rounds: Sequence[Round]) -> Observation:
    arm = ("perfengine, constant", 1000)
    return Observation(
        name="at 1000/s, constant: achieved rate ÷ the one asked for",
        unit="",
        spread=spread_of([each[arm].ok_per_s / arm[1] for each in rounds]),
        at_least=0.995,
        at_most=1.005,
        decimals=4,
    )

"""What one open load showed: how late its attempts began, how long they took, and whether none is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks.arms.arm import BenchmarkError
from benchmarks.pgbench_log import percentile
from perfengine.pacing.arrivals import arrivals
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.pgbench_log import Transaction
    from perfengine.model.load import OpenLoad

_US_PER_S: Final = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFigures:
    """Delays in µs. Lateness is pgbench's schedule lag, service its latency minus the lag."""

    lateness_p50_us: float
    lateness_p99_us: float
    service_p50_us: float
    service_p95_us: float
    ok_per_s: float
    missing: int = 0  #: attempts that were due and are in no count, or are in one and were not due


def figures_of_log(transactions: Sequence[Transaction], measured_s: float) -> OpenFigures:
    """Return the figures of pgbench's transactions of the measured phase."""
    lags, services = [each.lag_us for each in transactions], [each.service_us for each in transactions]
    return figures_of_delays(lags, services, measured_s)


def figures_of_delays(
    lateness_us: Sequence[float], service_us: Sequence[float], measured_s: float
) -> OpenFigures:
    """Return the figures of an arm that tells the delays of each attempt."""
    return OpenFigures(
        lateness_p50_us=percentile(lateness_us, 0.5),
        lateness_p99_us=percentile(lateness_us, 0.99),
        service_p50_us=percentile(service_us, 0.5),
        service_p95_us=percentile(service_us, 0.95),
        ok_per_s=len(service_us) / measured_s,
    )


def figures_of_entry(entry: Mapping[str, Any], due: int) -> OpenFigures:
    """Return the figures of an operation as perfengine's JSON has it; `due` attempts are in the schedule."""
    lateness, service = entry["lateness"], entry["service"]
    return OpenFigures(
        lateness_p50_us=lateness["median"] * _US_PER_S,
        lateness_p99_us=lateness["p99"] * _US_PER_S,
        service_p50_us=service["median"] * _US_PER_S,
        service_p95_us=service["p95"] * _US_PER_S,
        ok_per_s=entry["outcomes"]["ok"] / entry["measured"],
        missing=missing_of(entry, due),
    )


def missing_of(entry: Mapping[str, Any], due: int) -> int:
    """Return by how much the counts of an operation differ from what the schedule has.

    Its seconds must add up to the same; raises: BenchmarkError when they do not.
    """
    outcomes = entry["outcomes"]
    counted: int = entry["iterations"] + outcomes["dropped"] + outcomes["unfinished"]
    in_seconds = sum(entry["per_second"]["due"])
    if not counted == in_seconds == outcomes["due"]:
        raise BenchmarkError(f"{counted} attempts, {outcomes['due']} due, {in_seconds} in the seconds")
    return abs(due - counted)


def scheduled(load: OpenLoad, seed: int, measured_s: float) -> int:
    """Return how many attempts the schedule of a load has in so many seconds."""
    return sum(
        1 for _ in arrivals(load, seed=seed, stream="arrivals", duration_ns=int(measured_s * NS_PER_S))
    )

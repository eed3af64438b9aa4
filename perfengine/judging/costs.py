"""What an attempt costs the server: from what was watched there, over the attempts of the whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.judging.observe import Observation
from perfengine.judging.rates import measured_ns
from perfengine.model.requirement import Metric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.series import Watched
    from perfengine.model.summary import OperationSummary

#: What each cost is computed from.
_WATCHED: Final = {Metric.CPU_PER_REQUEST: "cpu_usage", Metric.MEMORY_PER_REQUEST: "memory_usage"}
#: The source of what the load generator watched of itself.
_CLIENT: Final = "client"
ONLY_A_BOUND: Final = "it is no more than that, for memory that all connections share is in it"
_NOT_WATCHED: Final = "a client does not see what an attempt costs the server"
_ONE_OF_SEVERAL: Final = "the server was watched over all operations of the run, name none"


def observe_cost(
    metric: Metric,
    operations: Sequence[OperationSummary],
    run: Sequence[OperationSummary],
    watched: Sequence[Watched],
) -> tuple[Observation | None, str]:
    """Return what an attempt costs the server, in ns or bytes; or None, and why that is not known.

    Processor time is what the server used on average, in all measured time, over all attempts. Memory is what the
    server had at most over the connections that it served: an upper bound.
    """
    name = _WATCHED[metric]
    of_server = [item for item in watched if item.metric == name and item.source != _CLIENT]
    measured = next((item for item in of_server if item.mean is not None), None)
    if measured is None:
        return None, next((item.reason for item in of_server if item.reason), _NOT_WATCHED)
    if len(operations) < len(run):
        return None, _ONE_OF_SEVERAL
    cost = _cpu_ns(measured, run) if metric is Metric.CPU_PER_REQUEST else _memory_bytes(measured, run)
    return Observation(value=cost, samples=measured.samples), ""


def _cpu_ns(watched: Watched, run: Sequence[OperationSummary]) -> float | None:
    attempts = sum(operation.attempts for operation in run)
    return (watched.mean or 0.0) * measured_ns(run) / attempts if attempts else None


def _memory_bytes(watched: Watched, run: Sequence[OperationSummary]) -> float | None:
    connections = max((operation.connections for operation in run), default=0)
    most = watched.maximum if watched.maximum is not None else watched.mean
    return most / connections if most is not None and connections else None

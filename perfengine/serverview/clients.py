"""Metrics that are counted by clients, put into the same words as those of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.series import Watched
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.summary import OperationSummary


def watched_execution_time(summaries: Sequence[OperationSummary]) -> Watched:
    """Return `query_execution_time`: the service time of ok attempts of all operations, waits before it left out."""
    found = [part for summary in summaries if (part := summary.service or summary.latency) and part.count]
    count = sum(part.count for part in found)
    if not count:
        return Watched(metric="query_execution_time", unit="s", source="client", reason="no attempt was ok")
    return Watched(
        metric="query_execution_time",
        unit="s",
        source="client",
        mean=sum(part.mean * part.count for part in found) / count / NS_PER_S,
        maximum=max(part.maximum for part in found) / NS_PER_S,
        samples=count,
    )


def watched_pool_utilization(shares: Sequence[float]) -> Watched:
    """Return `connection_pool_utilization` from the share of connections in use, sample by sample.

    By Little's law, from the time that attempts took: one counts whole in the sample in which it ends, so that a
    sample may come to a little more than all connections, and its neighbours to less.
    """
    if not shares:
        return Watched(
            metric="connection_pool_utilization",
            unit="fraction",
            source="client",
            reason="no sample was taken",
        )
    return Watched(
        metric="connection_pool_utilization",
        unit="fraction",
        source="client",
        mean=min(sum(shares) / len(shares), 1.0),
        maximum=min(max(shares), 1.0),
        samples=len(shares),
    )

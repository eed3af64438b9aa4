"""The log that `pgbench --log --rate` writes: a line a transaction.

Of a throttled load a line is `client_id transaction_no time script_no time_epoch time_us schedule_lag`. Times are in
µs: `time` counts from when the schedule wanted the transaction, `schedule_lag` is how late it began, and the epoch is
when it ended (PostgreSQL documentation, pgbench, "Per-Transaction Logging").
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_COLUMNS: Final = 7
_US_PER_S: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One transaction, in µs."""

    due_us: int  #: since the epoch
    lag_us: int  #: from when it was due until it began
    service_us: int  #: from then on until its end


def read_log(lines: Iterable[str]) -> list[Transaction]:
    """Return the transactions. Raises: BenchmarkError for one that failed or was skipped, or another kind of line."""
    return [_transaction(line) for line in lines]


def _transaction(line: str) -> Transaction:
    words = line.split()
    if len(words) != _COLUMNS or not all(word.isdecimal() for word in words):
        raise BenchmarkError(f"not a transaction of a throttled load that went well: {line.strip()}")
    latency_us, epoch_s, epoch_us, lag_us = (int(words[place]) for place in (2, 4, 5, 6))
    return Transaction(
        due_us=epoch_s * _US_PER_S + epoch_us - latency_us, lag_us=lag_us, service_us=latency_us - lag_us
    )


def measured(
    transactions: Sequence[Transaction], warmup_s: float, measured_s: float
) -> Sequence[Transaction]:
    """Return those that were due in the measured phase, which begins so long after the first was due.

    Raises: BenchmarkError when the log does not reach to its end.
    """
    begin_us = min(each.due_us for each in transactions) + warmup_s * _US_PER_S
    end_us = begin_us + measured_s * _US_PER_S
    if max(each.due_us for each in transactions) < end_us:
        raise BenchmarkError(f"pgbench made no transactions for {warmup_s + measured_s:g} s")
    return [each for each in transactions if begin_us <= each.due_us < end_us]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least value that at least this share of the values does not exceed."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]

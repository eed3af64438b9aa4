# Made by perfengine 0.1.0 from ../../entities/order.yaml
# (sha256 5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed).
# `perfengine generate` makes it anew, and asks first where somebody has edited it.
# perfengine generate: sha256 of the other lines: a7a2ecabefcb139e00abeb18e5223b6ad795f1b7a4d6641f6896f15ec3bad4c1
"""How fast order is: what its documents describe, sent by perfengine.

    python order_benchmark.py    prints figures, and what does not hold
    pytest order_benchmark.py    a test for each pattern

The server is the one that DATABASE_URL names; without it a private PostgreSQL is
started. perfengine works in a schema of its own, and drops it afterwards.
"""

from __future__ import annotations

import sys
from pathlib import Path

import perfengine

#: As seen from the directory of this file.
DOCUMENTS = [
    "../../entities/order.yaml",
]
#: Attempts of each operation, and clients at the same time. None: as the documents say.
ITERATIONS: int | None = None
CONCURRENCY: int | None = None
#: Rows of the main table. None: the first data set of the documents.
DATA_SIZE: int | None = None
#: The database that may be loaded although it is not on this machine.
ALLOW_TARGET: str | None = None
#: Globs over the full names of operations.
EXCLUDES: list[str] = []
CRUD = [
    "order.crud.*",
]
STATE_MACHINE = [
    "order.state_machine.*",
]
VALIDATION = [
    "order.validation.*",
]


def measure(filters: list[str]) -> perfengine.RunResult:
    """Load a database with the operations that match, and print how long they took."""
    here = Path(__file__).parent
    result = perfengine.run(
        scenario=[here / document for document in DOCUMENTS],
        mode="benchmark",
        filters=filters,
        excludes=EXCLUDES,
        iterations=ITERATIONS,
        concurrency=CONCURRENCY,
        data_size=DATA_SIZE,
        allow_target=ALLOW_TARGET,
    )
    for run in result.operations:
        if run.latency is not None:
            mean_s = run.latency.mean / 1e9
            p95_s = run.latency.percentiles[95.0] / 1e9
            print(f"{run.operation.name}: {mean_s:.6f}s average, {p95_s:.6f}s p95")
    return result


def problems(result: perfengine.RunResult) -> list[str]:
    """Return what went wrong: operations that never worked, limits that do not hold."""
    found = [f"{run.operation.name}: no attempt was ok" for run in result.unanswered]
    for judged in result.judgements:
        if judged.verdict is perfengine.Verdict.FAIL:
            what = judged.operation or "the run"
            found.append(f"{what}: {judged.metric} violates its limit")
    if result.incomplete is not None:
        found.append(f"the run ended early: {result.incomplete}")
    return found


def test_order_crud_performance() -> None:
    """Rows created, read and changed, one at a time and in bulk."""
    assert not problems(measure(CRUD))


def test_order_state_machine_performance() -> None:
    """Transitions, one row at a time and in bulk, and queries by state."""
    assert not problems(measure(STATE_MACHINE))


def test_order_validation_performance() -> None:
    """Rows that the rules accept, and rows that they refuse."""
    assert not problems(measure(VALIDATION))


def main() -> int:
    """Measure everything; return 1 where something does not hold."""
    try:
        found = problems(measure(CRUD + STATE_MACHINE + VALIDATION))
    except perfengine.PerfengineError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs for pages: one that is told to a dashboard, a snapshot a second, and two that were kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from perfengine.engine.events import Note, PhaseBegan, RunBegan
from perfengine.history.keep import keep_directory
from perfengine.history.layout import directory_name
from perfengine.model.verdict import Verdict
from perfengine.units import NS_PER_S
from tests.live_states import make_snapshot
from tests.long_documents import make_long_document
from tests.run_events import MS, OPERATION, REFUSED, make_judgement, make_phase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfengine.engine.events import Watch


def tell_beginning(
    watch: Watch, *, name: str = "order", operations: Sequence[str] = (OPERATION,), duration_s: int = 10
) -> None:
    """Tell what is run, and that its only phase begins, of operations of these names."""
    phase = make_phase(rate_per_s=20)
    plan = phase.operations[0]
    renamed = tuple(replace(plan, operation=replace(plan.operation, name=each)) for each in operations)
    named = "mix" if len(operations) > 1 else phase.name
    phase = replace(phase, name=named, operations=renamed, duration_ns=duration_s * NS_PER_S)
    watch(RunBegan(scenario=name, target=f"a server of {name}", server="18.6"))
    watch(Note(text=f"a note of {name}"))
    watch(PhaseBegan(phase="measure", plan=phase, number=1, total=1))


def tell_second(watch: Watch, second: int, *, operation: str = OPERATION) -> None:
    """Tell a second: three attempts were ok, one was refused."""
    judgement = replace(make_judgement(Verdict.PASS), operation=operation)
    slower = (1 + second % 5) * MS
    watch(
        make_snapshot(
            second,
            {operation: [slower, 2 * slower, 30 * slower]},
            ok=3 * second,
            bad=second,
            failures={replace(REFUSED, message=f"said by {operation}"): second},
            judgements=(judgement,),
            lag_ns=[50_000],
        )
    )


def keep_two_runs(results: Path, *, operation: str = "operation_01") -> tuple[str, str]:
    """Keep two runs of one operation below a results directory; return the names of their directories, by age."""
    return _keep(results, 1, operation), _keep(results, 2, operation)


def _keep(results: Path, day: int, operation: str) -> str:
    document = make_long_document(operations=1, seconds=40)
    run_id, started = f"{day:08x}", datetime(2026, 10, day, 21, 4, tzinfo=UTC)
    document |= {
        "run_id": run_id,
        "started": started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    text = json.dumps(document).replace("operation_01", json.dumps(operation)[1:-1])
    directory = directory_name(run_id, started)
    keep_directory(results, directory, run_id, text.encode())
    return directory

"""What a result was measured on and how it came about, as names and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.result import RunResult


def environment_words(result: RunResult) -> Iterator[tuple[str, str]]:
    """Yield what one needs to run the same again and to know whether two results may be compared."""
    environment = result.environment
    yield "run_id", result.run_id
    yield "seed", str(result.seed)
    yield "mode", str(result.mode)
    yield "data_set", result.data_set
    yield "scenario_sha256", result.scenario_sha256
    yield "server_version", environment.server_version
    yield "target", environment.target
    yield "perfengine", environment.perfengine
    yield "python", environment.python
    yield "system", environment.system
    yield "cpus", str(environment.cpus)
    yield "event_loop", environment.event_loop
    yield from environment.libraries.items()
    for setting, value in environment.server_settings.items():
        yield f"server.{setting}", value

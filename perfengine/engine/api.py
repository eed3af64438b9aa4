"""`perfengine.run` and `perfengine.run_async`: a run from Python, with the result that the command line writes."""

from __future__ import annotations

import asyncio
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from perfengine.custom.complaints import is_importing
from perfengine.engine.api_request import Asked, request_of
from perfengine.engine.event_loop import run_async as run_on_new_loop
from perfengine.engine.events import Unwatched
from perfengine.engine.outputs import html_options, output_paths, write_outputs
from perfengine.engine.planning import plan_run
from perfengine.engine.run import run_plan
from perfengine.engine.run_comparison import comparison_asked
from perfengine.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from os import PathLike
    from typing import Literal

    from perfengine.custom.code import Attempt
    from perfengine.engine.events import Watch
    from perfengine.model.result import RunResult

    File = str | PathLike[str]
    Limits = Mapping[str, Mapping[str, str | float]]

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


async def run_async(  # noqa: PLR0913 - a keyword for each option of the command line
    *operations: Attempt | type[Any],
    scenario: File | Sequence[File] | None = None,
    format: Literal["pgbench"] | None = None,  # noqa: A002 - as on the command line
    builtins: str | Sequence[str] = (),
    scale: int | None = None,
    definitions: Mapping[str, str | float] | None = None,
    max_tries: int | None = None,
    mode: Literal["benchmark", "mix"] | None = None,
    concurrency: int | None = None,
    connections: int | None = None,
    duration: str | None = None,
    iterations: int | None = None,
    rate: float | str | None = None,
    warmup: str | None = None,
    repeats: int | None = None,
    stabilise: bool = False,
    canary: bool | None = None,
    timeout: str | None = None,  # noqa: ASYNC109 - of one operation's phase, as on the command line
    processes: int | None = None,
    filters: Sequence[str] = (),
    excludes: Sequence[str] = (),
    data_set: str | None = None,
    data_size: int | None = None,
    seed: int | None = None,
    dsn: str | None = None,
    direct_dsn: str | None = None,
    embedded: bool = False,
    allow_target: str | None = None,
    target: Literal["sandbox", "existing"] | None = None,
    schema: str | None = None,
    read_only: bool = False,
    rollback: bool = False,
    allow_writes_elsewhere: bool = False,
    setup: Attempt | None = None,
    teardown: Attempt | None = None,
    requirements: Limits | None = None,
    requirement_files: File | Sequence[File] = (),
    sla_files: File | Sequence[File] = (),
    baseline: File | None = None,
    regression_threshold: float | None = None,
    reports: File | Sequence[File] = (),
    watch: Watch | None = None,
) -> RunResult:
    """Load a database and return what was found: the value that the command line writes as JSON.

    A limit that does not hold is in the result's `judgements`, and no exception. Values win over those of documents,
    as options of the command line do; None leaves it to them.

    The arguments, all but the first by name:

    * `operations`: Async functions and classes, marked or not. They run in this process, and the result says so;
      to have them run in load processes, name their file in `scenario`.
    * `scenario`: YAML documents, and Python files: `"checkout.py"`, `"checkout.py:checkout"`; with `format`
      pgbench scripts, too.
    * `format`: `"pgbench"`: files of `scenario` that are neither YAML nor Python are pgbench scripts: `"script.sql"`,
      or with a weight `"script.sql@3"`.
    * `builtins`: Scripts that pgbench has built in: `"tpcb-like"`, `"simple-update"`, `"select-only@9"`.
    * `scale`: Size of the pgbench tables, where a script names one: 100000 accounts each.
    * `definitions`: Variables that pgbench scripts find set, and their values.
    * `max_tries`: How often a pgbench script is tried after a serialization failure or a deadlock. Default: once.
    * `mode`: `"benchmark"`: each operation alone, one after the other. `"mix"`: all together, by weight. Several
      Python operations and nothing else are a mix.
    * `concurrency`: Clients at the same time.
    * `connections`: Connections that the clients share. Default: one each, as far as the server has them.
    * `duration`: Measured time: `"30s"`; of each operation, in a mix of the whole.
    * `iterations`: Attempts of each operation, in a mix of the whole; the clients share them.
    * `rate`: Attempts a second, whatever becomes of those before them: 500, `"500/s"`, `"30/min"`.
    * `warmup`: What goes before the measured time: `"5s"`.
    * `repeats`: How often the whole load is done; figures and limits are of all together.
    * `stabilise`: Bring tables into memory and the server to rest before each load.
    * `canary`: Time a piece of work that never changes while nothing is measured; comparisons tell by it whether the
      environment has shifted. None: with `baseline`, and with ten seconds or more of measured time where a report is
      JSON.
    * `timeout`: The longest that one operation may be measured: `"5m"`.
    * `processes`: Load processes. Operations handed over as such run in this one alone.
    * `filters`: Globs; only operations that match one are run: `"checkout"`, `"order.state_machine.*"`.
    * `excludes`: Globs; operations that match one are not run.
    * `data_set`: The data set to load, by name.
    * `data_size`: Rows of the main table.
    * `seed`: All generated values follow from it.
    * `dsn`: The server. Default: that of the environment, else an embedded PostgreSQL.
    * `direct_dsn`: Where `dsn` is a pooler, the server behind it.
    * `embedded`: Load a private PostgreSQL, whatever the environment names.
    * `allow_target`: The name of the database that may be loaded although others may depend on the server.
    * `target`: `"existing"`: load the tables and functions that are there, with rows of perfengine's own that it
      takes out again. `"sandbox"`: a schema that it makes and drops. None: as the workload says, else a sandbox.
    * `schema`: Where existing tables and functions are looked for. Default: wherever the role looks.
    * `read_only`: On existing tables: only operations that read, in read-only transactions, on rows that are there.
    * `rollback`: On existing tables: every attempt that writes ends in ROLLBACK. Hides what COMMIT costs.
    * `allow_writes_elsewhere`: On existing tables: load them though triggers or functions write in other tables,
      where it stays.
    * `setup`: Runs once before the load. Default: what the modules of `operations` mark with `@perfengine.setup`.
    * `teardown`: Runs once after it. Default: what they mark with `@perfengine.teardown`.
    * `requirements`: Limits by operation: `{"checkout": {"p95": "50ms", "error_rate": 0.01}}`.
    * `requirement_files`: Requirements documents; `"default"`: limits where nothing else is asked.
    * `sla_files`: Service level documents.
    * `baseline`: A baseline, or an earlier result; the run is compared with it when it is judged, and what came of it
      is the result's `comparison`. A change for the worse is no exception.
    * `regression_threshold`: By which fraction an operation may change: 0.05. None: as the baseline says, else 0.1.
    * `reports`: Files to write the result to: `"result.json"`, `"result.txt"`.
    * `watch`: Is told what happens on the way: notes, phases, snapshots, operations that ended.

    Raises: UsageError, SpecError or PlanError for input that is wrong; TargetError or SafetyError where nothing could
    be measured; RunAborted when a signal came before anything was.
    """
    said = dict(locals())
    if is_importing():
        raise UsageError(
            'perfengine.run is called while its file is imported: put that under `if __name__ == "__main__":`'
        )
    request = request_of(Asked(**said))
    planned = plan_run(request)
    # a wrong path or baseline is said before the load
    paths, compared = output_paths(planned.scenario, request.report_paths), comparison_asked(planned, request)
    result = compared(await run_plan(planned, request.target, watch or Unwatched()))
    write_outputs(result, paths, html=html_options(planned.scenario))
    return result


def _blocking(main: Callable[Arguments, Coroutine[Any, Any, Answer]]) -> Callable[Arguments, Answer]:
    @wraps(main)
    def blocking(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return run_on_new_loop(lambda: main(*args, **kwargs))
        raise UsageError("an event loop is running already: write `await perfengine.run_async(...)`")

    blocking.__name__ = blocking.__qualname__ = "run"
    return blocking


#: The same, for callers without an event loop.
run = _blocking(run_async)

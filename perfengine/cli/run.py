"""`perfengine run`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.cli import (
    existing_options,
    load_options,
    options,
    result_options,
    script_options,
    target_options,
    watch_options,
)
from perfengine.cli.asking import ask
from perfengine.cli.export_options import export_request, raw_request
from perfengine.cli.load_settings import load_settings
from perfengine.cli.streams import can_show_signs

if TYPE_CHECKING:
    from perfengine.engine.formats import Written
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.request import RunRequest
    from perfengine.exporters.exporting import Exports
    from perfengine.live.follow import Follower
    from perfengine.model.result import RunResult
    from perfengine.web.showing import Showing

#: Instead of a requirements document: the limits of `judging.defaults`.
_DEFAULT = Path("default")


def run(
    files: options.FilesOrScripts = None,
    form: script_options.Format = None,
    builtins: script_options.Builtin = None,
    scale: script_options.Scale = None,
    definitions: script_options.Define = None,
    max_tries: script_options.MaxTries = None,
    concurrency: load_options.Concurrency = None,
    iterations: load_options.Iterations = None,
    duration: load_options.Duration = None,
    timeout: load_options.Timeout = None,
    filters: options.Filter = None,
    excludes: options.Exclude = None,
    data_set: options.DataSet = None,
    data_size: options.DataSize = None,
    seed: options.Seed = None,
    connections: load_options.Connections = None,
    rate: load_options.Rate = None,
    warmup: load_options.Warmup = None,
    processes: load_options.Processes = None,
    repeat: load_options.Repeat = 1,
    stabilise: load_options.Stabilise = False,
    canary: load_options.Canary = None,
    dsn: target_options.Dsn = None,
    direct_dsn: target_options.DirectDsn = None,
    embedded: target_options.Embedded = False,
    allow_target: target_options.AllowTarget = None,
    there: existing_options.Target = None,
    schema: existing_options.Schema = None,
    read_only: existing_options.ReadOnly = False,
    rollback: existing_options.Rollback = False,
    allow_writes_elsewhere: existing_options.WritesElsewhere = False,
    requirements: Annotated[
        list[Path] | None,
        typer.Option(
            "--requirements",
            metavar="FILE|default",
            help="A requirements document; default: a p95 of 200ms for creates, updates and transitions, of 50ms for "
            "simple queries, 1% of errors and 1000 users, where nothing else is asked. Repeatable.",
            show_default=False,
        ),
    ] = None,
    sla: Annotated[
        list[Path] | None,
        typer.Option(
            "--sla", metavar="FILE", help="A service level document. Repeatable.", show_default=False
        ),
    ] = None,
    baseline: result_options.Baseline = None,
    regression_threshold: result_options.RegressionThreshold = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="Write the result there, in the format of its ending: .html .json .txt .xml (JUnit) .md .csv "
            ".series.csv .hlog .hgrm .prom .smaller.json .bigger.json. Repeatable.",
            show_default=False,
        ),
    ] = None,
    raw: watch_options.Raw = None,
    raw_limit: watch_options.RawLimit = "1GB",
    web: watch_options.Web = False,
    web_port: watch_options.WebPort = None,
    metrics_listen: watch_options.MetricsListen = None,
    metrics_linger: watch_options.MetricsLinger = None,
    otlp: watch_options.Otlp = False,
    otlp_endpoint: watch_options.OtlpEndpoint = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the JSON result on stdout, and nothing else there.")
    ] = False,
    no_history: Annotated[
        bool,
        typer.Option("--no-history", help="Do not keep the run in ./perf-results, for perfengine history."),
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 4 when any limit stays unproven.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes.")] = False,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colours; $NO_COLOR does the same.")
    ] = False,
) -> None:
    """Compile, prepare, load, judge, report.

    Example: perfengine run scenarios/order.yaml --concurrency 50
    """
    from perfengine.engine.planning import plan_run
    from perfengine.engine.python_scenario import split_files
    from perfengine.engine.request import RunRequest, TargetRequest

    documents, scripts = script_options.split_scripts(files, form, builtins)
    paths, python = split_files(documents)
    confirm = ask if sys.stdin.isatty() and sys.stderr.isatty() else None
    request = RunRequest(
        paths=paths,
        python=python,
        scripts=script_options.asked_scripts(scripts, builtins, scale, definitions, max_tries),
        default_requirements=_DEFAULT in (requirements or ()),
        requirement_paths=tuple(path for path in requirements or () if path != _DEFAULT),
        sla_paths=tuple(sla or ()),
        report_paths=tuple(report or ()),
        baseline=baseline,
        regression_threshold=regression_threshold,
        load=load_settings(
            concurrency=concurrency,
            iterations=iterations,
            duration=duration,
            timeout=timeout,
            filters=filters,
            excludes=excludes,
            data=(data_set, data_size),
            seed=seed,
            connections=connections,
            rate=rate,
            warmup=warmup,
            processes=processes,
            rollback=rollback,
            writes_elsewhere=allow_writes_elsewhere,
        ),
        repeats=repeat,
        stabilise=stabilise,
        canary=canary,
        raw=raw_request(raw, raw_limit),
        prints_json=as_json,
        target=TargetRequest(
            dsn=dsn,
            direct_dsn=direct_dsn,
            embedded=embedded,
            allow_target=allow_target,
            confirm=confirm,
            existing=existing_options.is_existing(there),
            schema=schema,
            read_only=read_only,
        ),
    )
    planned = plan_run(request)
    if not planned.plan.operations:
        for note in planned.notes:
            typer.echo(f"note: {note}", err=True)
        return
    from perfengine.exporters.exporting import exporting
    from perfengine.live.follow import Follower
    from perfengine.web.showing import showing

    history = None if no_history else _history()
    exported = export_request(metrics_listen, metrics_linger, otlp_endpoint, otlp=otlp)
    port = web_port or 0 if web or web_port is not None else None
    follower = None if port is None else Follower(time.monotonic())
    with (
        showing(port, follower) as view,
        exporting(exported, lambda line: typer.echo(f"note: {line}", err=True)) as exports,
    ):
        result = _run(planned, request, exports, view, follower, quiet=quiet, no_color=no_color)
        code = _conclude(
            result, planned, request, view, as_json=as_json, strict=strict, history=history, quiet=quiet
        )
        exports.linger()
    raise typer.Exit(code)


def _history() -> Path | None:
    """Return the results directory that the run will be kept in; None, and a line, where it cannot be."""
    from perfengine.engine.keeping import why_not_kept
    from perfengine.engine.outputs import RESULTS_DIRECTORY

    why = why_not_kept(RESULTS_DIRECTORY)
    if why:
        typer.echo(f"note: {why}", err=True)
    return None if why else RESULTS_DIRECTORY


def _run(
    planned: PlannedRun,
    request: RunRequest,
    exports: Exports,
    view: Showing,
    follower: Follower | None,
    *,
    quiet: bool,
    no_color: bool,
) -> RunResult:
    from perfengine.cli.progress import progress_display
    from perfengine.engine.event_loop import run_async
    from perfengine.engine.outputs import output_paths
    from perfengine.engine.run import run_plan
    from perfengine.engine.run_comparison import comparison_asked

    # a wrong path or baseline is said before the load, not after it
    output_paths(planned.scenario, request.report_paths)
    compared = comparison_asked(planned, request)
    if quiet:  # the addresses are no progress: without them the pages cannot be found
        for name, address in (("metrics", exports.address), ("web", view.address)):
            if address:
                typer.echo(f"{name}: {address}", err=True)
    with progress_display(quiet=quiet, no_color=no_color, follower=follower) as watch:
        result = run_async(run_plan, planned, request.target, view.beside(exports.beside(watch)))
    return compared(result)


def _conclude(
    result: RunResult,
    planned: PlannedRun,
    request: RunRequest,
    view: Showing,
    *,
    as_json: bool,
    strict: bool,
    history: Path | None,
    quiet: bool,
) -> int:
    """Keep, write and print the result; return the exit code."""
    from perfengine.engine.ci import ci_outputs
    from perfengine.engine.outputs import as_written, html_options, output_paths, write_reports
    from perfengine.engine.report_trends import page_of_run, with_trends
    from perfengine.judging.exit_code import exit_code
    from perfengine.report.text import render_text

    written = as_written(result, strict=strict)
    if history:
        _keep(written, history, quiet=quiet)
    try:  # files first: whoever reads stdout may have gone
        paths = output_paths(planned.scenario, request.report_paths)
        written = with_trends(written, paths, history)
        done = write_reports(written, paths, html_options(planned.scenario))
    finally:
        if as_json:
            sys.stdout.write(written.text.decode())
        else:
            sys.stdout.write(render_text(written.result, unicode=can_show_signs()))
        sys.stdout.flush()
    for path in done:
        typer.echo(f"written: {path}", err=True)
    for line in ci_outputs(written.result, os.environ, strict=strict):
        typer.echo(line, err=True)
    view.end(lambda: page_of_run(written, history))
    return exit_code(written.result, strict=strict)


def _keep(written: Written, results: Path, *, quiet: bool) -> None:
    """Keep the result in the history, and say so."""
    from perfengine.engine.keeping import keep_run

    kept = keep_run(results, written)
    if kept.directory and not quiet:
        typer.echo(f"kept: {kept.directory}", err=True)
    for note in kept.notes:
        typer.echo(f"note: {note}", err=True)

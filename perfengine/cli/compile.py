"""`perfengine compile`."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from perfengine.cli import options
from perfengine.cli.load_settings import load_settings


class PlanFormat(StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    JSON = "json"
    SQL = "sql"


def compile_plan(
    files: options.Files,
    form: Annotated[
        PlanFormat, typer.Option("--format", help="sql prints the sandbox DDL too.")
    ] = PlanFormat.TEXT,
    concurrency: options.Concurrency = None,
    iterations: options.Iterations = None,
    duration: options.Duration = None,
    timeout: options.Timeout = None,
    filters: options.Filter = None,
    excludes: options.Exclude = None,
    data_set: options.DataSet = None,
    data_size: options.DataSize = None,
    seed: options.Seed = None,
    connections: options.Connections = None,
    rate: options.Rate = None,
    warmup: options.Warmup = None,
    processes: options.Processes = None,
) -> None:
    """Print what a run would do: operations, SQL, parameters, row demand. No database is needed.

    Example: perfengine compile scenarios/order.yaml --format sql
    """
    from perfengine.engine.planning import plan_run
    from perfengine.engine.python_scenario import split_files
    from perfengine.engine.request import RunRequest
    from perfengine.report.plan import render_plan_sql, render_plan_text
    from perfengine.report.plan_json import plan_as_json

    settings = load_settings(
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
    )
    paths, python = split_files(files)
    planned = plan_run(RunRequest(paths=paths, python=python, load=settings))
    for note in planned.scenario.notes:
        typer.echo(f"note: {note}", err=True)
    if form is PlanFormat.JSON:
        typer.echo(json.dumps(plan_as_json(planned.plan), indent=2, ensure_ascii=False))
    elif form is PlanFormat.SQL:
        typer.echo(render_plan_sql(planned.plan))
    else:
        typer.echo(render_plan_text(planned.plan))

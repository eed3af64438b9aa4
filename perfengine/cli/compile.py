"""`perfengine compile`."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from perfengine.cli import existing_options, load_options, options, script_options, target_options
from perfengine.cli.load_settings import load_settings


class PlanFormat(StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    JSON = "json"
    SQL = "sql"


def compile_plan(
    files: script_options.FilesWithSql = None,
    form: Annotated[
        PlanFormat, typer.Option("--format", help="sql prints the sandbox DDL too.")
    ] = PlanFormat.TEXT,
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
    dsn: target_options.Dsn = None,
    target: existing_options.Target = None,
    schema: existing_options.Schema = None,
    read_only: existing_options.ReadOnly = False,
) -> None:
    """Print what a run would do: operations, SQL, parameters, row demand. Only existing tables need their database.

    Example: perfengine compile scenarios/order.yaml --format sql
    """
    from perfengine.engine.planning import plan_run
    from perfengine.engine.python_scenario import split_files
    from perfengine.engine.request import RunRequest, TargetRequest
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
    documents, written = script_options.split_sql(files, builtins)
    paths, python = split_files(documents)
    scripts = script_options.asked_scripts(written, builtins, scale, definitions, max_tries)
    there = TargetRequest(
        dsn=dsn, existing=existing_options.is_existing(target), schema=schema, read_only=read_only
    )
    planned = plan_run(RunRequest(paths=paths, python=python, scripts=scripts, load=settings, target=there))
    for note in planned.scenario.notes:
        typer.echo(f"note: {note}", err=True)
    if form is PlanFormat.JSON:
        typer.echo(json.dumps(plan_as_json(planned.plan), indent=2, ensure_ascii=False))
    elif form is PlanFormat.SQL:
        typer.echo(render_plan_sql(planned.plan))
    else:
        typer.echo(render_plan_text(planned.plan))

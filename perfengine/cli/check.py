"""`perfengine check`."""

from __future__ import annotations

import typer

from perfengine.cli import existing_options, options, script_options, target_options


def check(
    files: options.FilesOrScripts = None,
    form: script_options.Format = None,
    builtins: script_options.Builtin = None,
    scale: script_options.Scale = None,
    definitions: script_options.Define = None,
    dsn: target_options.Dsn = None,
    target: existing_options.Target = None,
    schema: existing_options.Schema = None,
    read_only: existing_options.ReadOnly = False,
) -> None:
    """Name all mistakes of the files, and run nothing; with --target existing, what does not match the database.

    Example: perfengine check scenarios/order.yaml
    """
    from perfengine.engine.planning import check_documents
    from perfengine.engine.python_scenario import split_files
    from perfengine.engine.request import RunRequest, TargetRequest

    documents, written = script_options.split_scripts(files, form, builtins)
    paths, python = split_files(documents)
    scripts = script_options.asked_scripts(written, builtins, scale, definitions, None)
    there = TargetRequest(
        dsn=dsn, existing=existing_options.is_existing(target), schema=schema, read_only=read_only
    )
    planned = check_documents(RunRequest(paths=paths, python=python, scripts=scripts, target=there))
    for note in planned.notes if planned.scenario.entities or scripts else planned.scenario.notes:
        typer.echo(f"note: {note}", err=True)
    entities = ", ".join(item.entity.name for item in planned.scenario.entities)
    count = len(planned.plan.operations)
    what = f"{count} operations of {entities}" if entities else "no entity in it"
    if scripts and not entities:
        what = "1 script" if count == 1 else f"{count} scripts"
    typer.echo(f"ok: {what}, no mistake found")
    if planned.plan.existing is not None:
        from perfengine.report.plan_existing import existing_lines

        for line in existing_lines(planned.plan.existing):
            typer.echo(line)

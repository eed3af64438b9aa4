"""`perfengine ab`."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.cli import load_options, options, script_options, target_options
from perfengine.cli.ab_settings import ab_settings
from perfengine.cli.asking import ask
from perfengine.cli.load_settings import load_settings
from perfengine.errors import UsageError

if TYPE_CHECKING:
    from perfengine.engine.ab.request import AbRequest
    from perfengine.model.ab import AbResult

Operation = Annotated[
    list[str] | None,
    typer.Option(
        "--operation",
        "--filter",
        metavar="GLOB",
        help="Compare only what matches this glob; without it every operation takes minutes. Repeatable.",
        show_default=False,
    ),
]
SqlFile = Path | None


def ab(
    files: options.FilesOrScripts = None,
    form: script_options.Format = None,
    builtins: script_options.Builtin = None,
    scale: script_options.Scale = None,
    definitions: script_options.Define = None,
    max_tries: script_options.MaxTries = None,
    dsn_b: Annotated[
        str | None, typer.Option("--dsn-b", metavar="DSN", help="The server of B.", show_default=False)
    ] = None,
    direct_dsn_b: Annotated[
        str | None,
        typer.Option(
            "--direct-dsn-b",
            metavar="DSN",
            help="Where --dsn-b is a pooler: the server behind it.",
            show_default=False,
        ),
    ] = None,
    with_files: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="FILE",
            help="The documents of B; with --format pgbench, its scripts, too. Repeatable.",
            show_default=False,
        ),
    ] = None,
    before: Annotated[
        SqlFile,
        typer.Option("--before", metavar="SQL", help="SQL for the sandbox of A.", show_default=False),
    ] = None,
    after: Annotated[
        SqlFile,
        typer.Option("--after", metavar="SQL", help="SQL for the sandbox of B.", show_default=False),
    ] = None,
    operation: Operation = None,
    excludes: options.Exclude = None,
    concurrency: load_options.Concurrency = None,
    rate: load_options.Rate = None,
    practical: Annotated[
        str, typer.Option("--practical", metavar="P", help="The smallest change that matters.")
    ] = "5%",
    pairs: Annotated[int, typer.Option("--pairs", metavar="N", min=2, help="Pairs, at least.")] = 10,
    max_pairs: Annotated[
        int, typer.Option("--max-pairs", metavar="N", min=2, help="Pairs, at most; confirming apart.")
    ] = 40,
    slice_text: Annotated[
        str | None,
        typer.Option(
            "--slice",
            metavar="D",
            help="How long an arm has its turn. Default: 0.5s, longer for 200 attempts and 20 times the p99.",
            show_default=False,
        ),
    ] = None,
    slices: Annotated[
        int, typer.Option("--slices", metavar="N", min=2, help="Slices of an arm in a pair; even.")
    ] = 10,
    time_budget: Annotated[
        str | None,
        typer.Option(
            "--time-budget",
            metavar="D",
            help="No new pairs after this time; confirming a change comes on top.",
            show_default=False,
        ),
    ] = None,
    data_set: options.DataSet = None,
    data_size: options.DataSize = None,
    seed: options.Seed = None,
    connections: load_options.Connections = None,
    warmup: load_options.Warmup = None,
    dsn: target_options.Dsn = None,
    direct_dsn: target_options.DirectDsn = None,
    embedded: target_options.Embedded = False,
    allow_target: target_options.AllowTarget = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the JSON document on stdout, and nothing else there.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes.")] = False,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colours; $NO_COLOR does the same.")
    ] = False,
) -> None:
    """Compare two arms that take turns: two servers, two scenarios, or one with and without some SQL.

    Exit codes: 0 the same or better, 1 worse, 2 wrong input, 3 it failed, 4 cannot tell.

    Example: perfengine ab order.yaml --after new_index.sql --operation order_query
    """
    from perfengine.engine.ab.request import AbRequest
    from perfengine.engine.python_scenario import split_files
    from perfengine.engine.request import RunRequest, TargetRequest

    documents, scripts = script_options.split_scripts(files, form, builtins)
    paths, python = split_files(documents)
    with_documents, with_scripts = script_options.split_of_b(with_files, form)
    confirm = cache(ask) if sys.stdin.isatty() and sys.stderr.isatty() else None
    run = RunRequest(
        paths=paths,
        python=python,
        scripts=script_options.asked_scripts(scripts, builtins, scale, definitions, max_tries),
        load=load_settings(
            concurrency=concurrency,
            iterations=None,
            duration=None,
            timeout=None,
            filters=operation,
            excludes=excludes,
            data=(data_set, data_size),
            seed=seed,
            connections=connections,
            rate=rate,
            warmup=warmup,
        ),
        target=TargetRequest(
            dsn=dsn, direct_dsn=direct_dsn, embedded=embedded, allow_target=allow_target, confirm=confirm
        ),
    )
    request = AbRequest(
        run=run,
        dsn_b=dsn_b,
        direct_dsn_b=direct_dsn_b,
        with_paths=tuple(map(Path, with_documents)),
        with_scripts=with_scripts,
        before=before,
        after=after,
        settings=ab_settings(practical, (pairs, max_pairs), slice_text, slices, time_budget),
    )
    if dsn_b is None and not with_files and before is None and after is None:
        raise UsageError(
            "nothing makes B differ from A: name a server (--dsn-b), documents (--with) or SQL (--before, --after)"
        )
    raise typer.Exit(_conclude(_compare(request, quiet=quiet, no_color=no_color), as_json=as_json))


def _compare(request: AbRequest, *, quiet: bool, no_color: bool) -> AbResult:
    from perfengine.cli.progress import progress_display
    from perfengine.engine.ab.planning import plan_ab
    from perfengine.engine.ab.run import run_ab
    from perfengine.engine.event_loop import run_async

    planned = plan_ab(request)
    with progress_display(quiet=quiet, no_color=no_color) as watch:
        return run_async(run_ab, planned, watch)


def _conclude(result: AbResult, *, as_json: bool) -> int:
    """Print the result; return the exit code."""
    from perfengine.engine.ab.outcome import ab_exit_code
    from perfengine.report.ab_json import render_ab_json
    from perfengine.report.ab_text import render_ab_text

    if as_json:
        sys.stdout.write(render_ab_json(result).decode())
    else:
        unicode = (sys.stdout.encoding or "ascii").lower().startswith("utf")
        sys.stdout.write(render_ab_text(result, unicode=unicode))
    sys.stdout.flush()
    return ab_exit_code(result)

"""`perfengine ab`."""

from __future__ import annotations

import sys
from functools import cache
from math import log1p
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.cli import options
from perfengine.cli.asking import ask
from perfengine.cli.load_settings import load_settings
from perfengine.errors import UsageError
from perfengine.units import parse_duration_ns, parse_fraction

if TYPE_CHECKING:
    from perfengine.engine.ab.request import AbRequest, AbSettings
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
    files: options.Files,
    dsn_b: Annotated[
        str | None, typer.Option("--dsn-b", metavar="DSN", help="The server of B.", show_default=False)
    ] = None,
    with_files: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="FILE", help="The documents of B. Repeatable.", show_default=False),
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
    concurrency: options.Concurrency = None,
    rate: options.Rate = None,
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
    connections: options.Connections = None,
    warmup: options.Warmup = None,
    dsn: options.Dsn = None,
    direct_dsn: options.DirectDsn = None,
    embedded: options.Embedded = False,
    allow_target: options.AllowTarget = None,
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

    paths, python = split_files(files)
    confirm = cache(ask) if sys.stdin.isatty() and sys.stderr.isatty() else None
    run = RunRequest(
        paths=paths,
        python=python,
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
        with_paths=tuple(with_files or ()),
        before=before,
        after=after,
        settings=_settings(practical, (pairs, max_pairs), slice_text, slices, time_budget),
    )
    if dsn_b is None and not with_files and before is None and after is None:
        raise UsageError(
            "nothing makes B differ from A: name a server (--dsn-b), documents (--with) or SQL (--before, --after)"
        )
    raise typer.Exit(_conclude(_compare(request, quiet=quiet, no_color=no_color), as_json=as_json))


#: Fewer tell nothing of their own spread.
_LEAST_PAIRS = 4


def _settings(
    practical: str, pairs: tuple[int, int], slice_text: str | None, slices: int, time_budget: str | None
) -> AbSettings:
    """Return the settings. Raises: UsageError with all that is wrong with them."""
    from perfengine.engine.ab.request import AbSettings
    from perfengine.model.comparison import CompareRule

    mistakes: list[str] = []
    slice_ns, budget_ns = (
        _duration_ns(option, text, mistakes)
        for option, text in (("--slice", slice_text), ("--time-budget", time_budget))
    )
    fraction = _fraction(practical, mistakes)
    if slices % 2:
        mistakes.append(f"--slices {slices}: an even number, they come in fours (ABBA): {slices + 1}?")
    if pairs[0] < _LEAST_PAIRS:
        mistakes.append(f"--pairs {pairs[0]}: {_LEAST_PAIRS} or more, fewer have no interval worth the name")
    if pairs[1] < pairs[0]:
        mistakes.append(f"--max-pairs {pairs[1]}: fewer than --pairs {pairs[0]}")
    if mistakes:
        raise UsageError("\n".join(mistakes))
    rule = CompareRule(practical=log1p(fraction), pairs_least=pairs[0], pairs_most=pairs[1])
    return AbSettings(rule=rule, slices=slices, slice_ns=slice_ns, time_budget_ns=budget_ns)


def _duration_ns(option: str, text: str | None, mistakes: list[str]) -> int | None:
    try:
        return None if text is None else parse_duration_ns(text)
    except ValueError as error:
        mistakes.append(f"{option}: {error}")
        return None


def _fraction(text: str, mistakes: list[str]) -> float:
    try:
        fraction = float(parse_fraction(text))
    except ValueError as error:
        mistakes.append(f"--practical: {error}")
        return 0.0
    if not fraction:
        mistakes.append("--practical 0: every change matters then, and none can be ruled out: write 5%")
    return fraction


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

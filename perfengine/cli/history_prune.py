"""`perfengine history prune`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.cli.history_options import RESULTS, Results, say
from perfengine.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from datetime import timedelta


def prune(
    keep: Annotated[
        int | None,
        typer.Option("--keep", metavar="N", min=0, help="Keep the N newest runs.", show_default=False),
    ] = None,
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than", metavar="D", help="Remove what is older than this: 90d, 12h.", show_default=False
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Name what would be removed, remove nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal.")] = False,
    results: Results = RESULTS,
) -> None:
    """Remove old runs: only directories that perfengine made, and that hold nothing else.

    Example: perfengine history prune --keep 200
    """
    from perfengine.engine.history import history_of, prunable
    from perfengine.history.retention import remove

    if (keep is None) == (older_than is None):
        raise UsageError("say what to remove: --keep N or --older-than D, one of them")
    history = history_of(results)
    found = prunable(history, keep=keep, older_than=_age(older_than))
    say([*history.notes, *found.kept])
    what = f"{len(found.removable)} run{'' if len(found.removable) == 1 else 's'}, {found.size_bytes / 1e6:.1f} MB"
    if dry_run:
        for directory in found.removable:
            typer.echo(f"would remove: {directory}")
        typer.echo(f"would be removed: {what}")
        return
    if found.removable and not yes and not _agreed(f"remove {what}, from {results}? [y/N] "):
        typer.echo("nothing was removed")
        return
    failures = remove(found.removable)
    for line in failures:
        typer.echo(line, err=True)
    typer.echo(f"not removed: {len(failures)} of {what}" if failures else f"removed: {what}")
    if failures:
        raise typer.Exit(ExitCode.RUN)


def _agreed(question: str) -> bool:
    """Return whether the user agrees; who cannot be asked has agreed by the command."""
    from perfengine.cli.asking import ask

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    return ask(question).lower() in {"y", "yes"}


def _age(text: str | None) -> timedelta | None:
    from datetime import timedelta

    from perfengine.units import parse_duration_ns

    if text is None:
        return None
    try:
        return timedelta(microseconds=parse_duration_ns(text) / 1000)
    except ValueError as error:
        raise UsageError(f"--older-than: {error}") from None

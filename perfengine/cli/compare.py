"""`perfengine compare`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.cli import result_options
from perfengine.cli.streams import can_show_signs
from perfengine.errors import UsageError
from perfengine.model.fingerprint import Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.compared import ComparisonResult


def compare(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="A B",
            help="Two results; or two directories of results; A may be a baseline.",
            show_default=False,
        ),
    ] = None,
    before: Annotated[
        list[str] | None,
        typer.Option(
            "--before",
            metavar="RESULT",
            help="A result, a directory or a glob in quotes: runs of A. Repeatable.",
            show_default=False,
        ),
    ] = None,
    after: Annotated[
        list[str] | None,
        typer.Option("--after", metavar="RESULT", help="The same of B. Repeatable.", show_default=False),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline", metavar="FILE", help="A, for scripts; with --current.", show_default=False
        ),
    ] = None,
    current: Annotated[
        Path | None,
        typer.Option(
            "--current", metavar="FILE", help="B, for scripts; with --baseline.", show_default=False
        ),
    ] = None,
    max_degradation: result_options.MaxDegradation = None,
    subject: Annotated[
        list[Subject] | None,
        typer.Option(
            "--subject", help="What is under test, and may therefore differ. Repeatable.", show_default=False
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Compare also what was not measured on the same thing.")
    ] = False,
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="What is not measured any more does not fail.")
    ] = False,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="Write the comparison there, in the format of its ending: .json .txt .xml (JUnit) .md. Repeatable.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the comparison as JSON on stdout, and nothing else there.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 4 when any metric that decides stays open.")
    ] = False,
) -> None:
    """Compare two results, or two sets of them: what changed, how sure that is, and what else it would take.

    Exit codes: 0 nothing changed for the worse, 1 something did or is missing, 2 wrong input, 4 cannot tell.

    Example: perfengine compare before.json after.json
    """
    from perfengine.engine.comparing import CompareSettings, compare_files
    from perfengine.engine.comparison_outputs import comparison_json, comparison_paths, write_comparison
    from perfengine.report.comparison_text import render_comparison
    from perfengine.report.degradation_text import render_degradations

    is_script = baseline is not None or current is not None
    sides = _script_sides(files, baseline, current) if is_script else _sides(files, before, after)
    paths = comparison_paths(report or ())
    settings = CompareSettings(
        tolerance=max_degradation,
        subjects=tuple(subject or ()),
        force=force,
        allow_missing=allow_missing,
    )
    found = compare_files(*sides, settings, as_baseline=is_script)
    unicode = can_show_signs()
    if as_json:
        sys.stdout.write(comparison_json(found).decode())
    elif is_script:
        sys.stdout.write(render_degradations(found, unicode=unicode))
        sys.stderr.write(render_comparison(found, unicode=False))
    else:
        sys.stdout.write(render_comparison(found, unicode=unicode))
    sys.stdout.flush()
    for path in write_comparison(found, paths, strict=strict):
        typer.echo(f"written: {path}", err=True)
    raise typer.Exit(_exit_code(found, strict=strict, is_script=is_script))


def _sides(
    files: Sequence[str] | None, before: Sequence[str] | None, after: Sequence[str] | None
) -> tuple[Sequence[Path], Sequence[Path]]:
    """Return the files of A and of B."""
    from perfengine.engine.result_files import result_paths

    if files and (before or after):
        raise UsageError("give A and B as two names, or with --before and --after, not both")
    if not files and before and after:
        return result_paths(before), result_paths(after)
    if files and len(files) == 2:
        return result_paths(files[:1]), result_paths(files[1:])
    raise UsageError(
        "two results are compared: perfengine compare A B\n"
        "   sets of results: --before RESULT... --after RESULT..., or two directories\n"
        "   for scripts: --baseline FILE --current FILE"
    )


def _script_sides(
    files: Sequence[str] | None, baseline: Path | None, current: Path | None
) -> tuple[Sequence[Path], Sequence[Path]]:
    if files or baseline is None or current is None:
        raise UsageError("--baseline FILE and --current FILE go together, without other files")
    return [baseline], [current]


def _exit_code(found: ComparisonResult, *, strict: bool, is_script: bool) -> int:
    """Return the exit code; for scripts it follows the line that they read, as long as nobody is strict."""
    from perfengine.errors import ExitCode
    from perfengine.judging.comparison_exit_code import comparison_exit_code
    from perfengine.report.degradation_text import could_look

    code = comparison_exit_code(found, strict=strict)
    if is_script and not strict and code is ExitCode.UNPROVEN and could_look(found):
        return ExitCode.OK
    return code

"""What the process answers, from what a comparison came to. Apart from that of runs: it needs nothing of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.errors import ExitCode

if TYPE_CHECKING:
    from perfengine.model.compared import ComparisonResult


def comparison_exit_code(comparison: ComparisonResult, *, strict: bool = False) -> ExitCode:
    """Return the exit code of a comparison: 1 for the worse, 4 when nothing was judged, or with `strict` not all."""
    if comparison.fails:
        return ExitCode.FAILED
    if not comparison.is_judged or (strict and comparison.is_open):
        return ExitCode.UNPROVEN
    return ExitCode.OK

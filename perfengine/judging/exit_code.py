"""What the process answers, from what the run came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.errors import ExitCode
from perfengine.model.result import Standing
from perfengine.model.verdict import Verdict

if TYPE_CHECKING:
    from perfengine.model.result import RunResult

_CODES: Final = {
    Standing.INTERRUPTED: ExitCode.SIGINT,
    Standing.TERMINATED: ExitCode.SIGTERM,
    Standing.RUN_FAILED: ExitCode.RUN,
    Standing.FAIL: ExitCode.FAILED,
    Standing.UNPROVEN: ExitCode.UNPROVEN,
    Standing.PASS: ExitCode.OK,
    Standing.NO_LIMIT: ExitCode.OK,
}


def exit_code(result: RunResult, *, strict: bool = False) -> ExitCode:
    """Return the exit code of a run; `strict` lets no limit stay UNPROVEN and no comparison open.

    The first that applies: a signal, a failed run, a violated limit or a change for the worse, limits that could not
    be judged, success.
    """
    standing = result.standing
    if strict and standing is Standing.PASS and _leaves_unproven(result):
        return ExitCode.UNPROVEN
    return _CODES[standing]


def _leaves_unproven(result: RunResult) -> bool:
    is_open = result.comparison is not None and result.comparison.is_open
    return is_open or any(judgement.verdict is Verdict.UNPROVEN for judgement in result.judgements)

"""The exception tree: each kind has its exit code, and a group of failures its reason."""

from __future__ import annotations

import pytest

from perfengine import errors
from perfengine.errors import (
    ExitCode,
    InternalError,
    PerfengineError,
    PlanError,
    RunAborted,
    SafetyError,
    SpecError,
    TargetError,
    UsageError,
    leaf,
)
from perfengine.model.mistake import Mistake, Position

KINDS = (SpecError, UsageError, PlanError, TargetError, SafetyError, RunAborted, InternalError)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (PerfengineError, 3),
        (SpecError, 2),
        (UsageError, 2),
        (PlanError, 2),
        (TargetError, 3),
        (SafetyError, 5),
        (InternalError, 3),
    ],
)
def test_exit_code(kind: type[PerfengineError], code: int) -> None:
    """Who must act decides the exit code."""
    assert kind.exit_code == code


def test_exit_codes() -> None:
    """The exit codes are those of the contract."""
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "FAILED": 1,
        "INPUT": 2,
        "RUN": 3,
        "UNPROVEN": 4,
        "REFUSED": 5,
        "SIGINT": 130,
        "SIGTERM": 143,
    }


def test_tree_in_the_docstring() -> None:
    """The tree that the module draws has every kind, and every kind has one root."""
    assert set(KINDS) == set(PerfengineError.__subclasses__())
    drawn = [line.split()[1] for line in (errors.__doc__ or "").splitlines() if line.startswith("    * ")]
    assert drawn == [kind.__name__ for kind in KINDS]


@pytest.mark.parametrize("code", [ExitCode.SIGINT, ExitCode.SIGTERM])
def test_aborted_run(code: ExitCode) -> None:
    """A run that a signal ended answers with that signal's code."""
    error = RunAborted("stopped", code)
    assert error.exit_code is code
    assert str(error) == "stopped"


def test_aborted_by_default() -> None:
    """Ctrl-C is what ends a run when nothing else is said."""
    assert RunAborted("stopped").exit_code is ExitCode.SIGINT


def test_spec_error_says_all_mistakes() -> None:
    """Every mistake is kept, and the text has all of them in order."""
    mistakes = tuple(
        Mistake(position=Position(path="order.yaml", line=line, column=5), message=f"mistake {line}")
        for line in (3, 14)
    )
    error = SpecError(mistakes)
    assert error.mistakes == mistakes
    assert str(error) == "order.yaml:3:5: mistake 3\n\norder.yaml:14:5: mistake 14"


OURS, OTHER, LATER = TargetError("the server is gone"), OSError("a socket"), KeyError("later")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OTHER, OTHER),
        (BaseExceptionGroup("g", [OTHER]), OTHER),
        (BaseExceptionGroup("g", [OTHER, LATER]), OTHER),
        (BaseExceptionGroup("g", [OTHER, OURS]), OURS),
        (BaseExceptionGroup("g", [OTHER, BaseExceptionGroup("h", [LATER, OURS])]), OURS),
        (BaseExceptionGroup("g", [BaseExceptionGroup("h", [LATER]), OTHER]), LATER),
        (BaseExceptionGroup("g", [KeyboardInterrupt(), OURS]), OURS),
    ],
)
def test_leaf(error: BaseException, expected: BaseException) -> None:
    """The reason of a group is its first exception of ours, else its first."""
    assert leaf(error) is expected

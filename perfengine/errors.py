"""The exceptions of perfengine, split by who must act.

* PerfengineError
    * SpecError        the file is wrong: fix the YAML             (carries every mistake)
    * UsageError       the command line is wrong, or selects nothing
    * PlanError        the file is right, the plan cannot be       (names the sides that clash)
    * TargetError      the database: unreachable, refused, lost    (no password in it, ever)
    * SafetyError      a safety rail refused the target
    * RunAborted       a signal ended the run                      (what was measured is kept)
    * InternalError    our own bug: please report it

An attempt that fails is data (`model.outcome`), never an exception that leaves the load loop.
Exit codes are in `ExitCode`; the `exit_code` of an exception says which one it ends the process with.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.mistake import Mistake


class ExitCode(IntEnum):
    """What the process answers to its caller."""

    OK = 0  #: at least one limit was judged and all judged hold
    FAILED = 1  #: a requirement, SLA or comparison failed
    INPUT = 2  #: usage, YAML, a filter that selects nothing
    RUN = 3  #: the database or the run failed
    UNPROVEN = 4  #: limits were asked for and could not be judged
    REFUSED = 5  #: a safety rail said no
    SIGINT = 130  #: stopped by Ctrl-C
    SIGTERM = 143  #: stopped by SIGTERM


class PerfengineError(Exception):
    """The root of all exceptions that perfengine raises on purpose."""

    exit_code = ExitCode.RUN


class SpecError(PerfengineError):
    """One or more documents are wrong; `mistakes` holds all of them, in file order."""

    exit_code = ExitCode.INPUT

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n\n".join(mistake.render() for mistake in mistakes))


class UsageError(PerfengineError):
    """The command line asks for something that cannot be; the message says what could."""

    exit_code = ExitCode.INPUT


class PlanError(PerfengineError):
    """The documents are well formed, yet no plan follows from them."""

    exit_code = ExitCode.INPUT


class TargetError(PerfengineError):
    """The database cannot be used. One line: address without password, cause, remedy."""

    exit_code = ExitCode.RUN


class SafetyError(PerfengineError):
    """A safety rail refused to touch the target."""

    exit_code = ExitCode.REFUSED


class RunAborted(PerfengineError):  # noqa: N818 - named as an event, like KeyboardInterrupt
    """A signal ended the run; `exit_code` follows the signal."""

    def __init__(self, message: str, exit_code: ExitCode = ExitCode.SIGINT) -> None:
        self.exit_code = exit_code
        super().__init__(message)


class InternalError(PerfengineError):
    """An assumption of ours did not hold. Please report it with this text."""


def leaf(error: BaseException) -> BaseException:
    """Return the first exception that is not a group: what a task group's failure is about.

    Our own exceptions come before others: they were raised to be read.
    """
    leaves = list(_leaves(error))
    ours = [found for found in leaves if isinstance(found, PerfengineError)]
    return (ours or leaves)[0]


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error

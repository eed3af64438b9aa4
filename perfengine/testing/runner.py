"""What the `perfengine` fixture is: `perfengine.run`, with the limits of the run as assertions of the test."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.custom.module import split_name
from perfengine.engine import api
from perfengine.errors import ExitCode, PerfengineError, RunAborted
from perfengine.model.result import Ending
from perfengine.testing.findings import (
    does_not_hold,
    finding_lines,
    is_unknown,
    unproven_lines,
    verdict_line,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.custom.code import Attempt
    from perfengine.model.result import RunResult

    Work = str | PathLike[str] | Attempt | type[Any]

#: Arguments that name files to read.
_FILES = ("scenario", "requirement_files", "sla_files")


class Perfengine:
    """Runs load tests: one whose limits do not hold fails the test, one that proves nothing skips it."""

    def __init__(self, *, root: Path, dsn: str | None, embedded: bool, tell: Callable[[str], None]) -> None:
        self._root = root
        self._target: dict[str, Any] = {"embedded": True} if embedded else {"dsn": dsn}
        self._tell = tell

    def run(self, *work: Work, check: bool = True, strict: bool = False, **options: Any) -> RunResult:  # noqa: ANN401
        """Load a database and return the result.

        The arguments:

        * `work`: Scenarios, Python files and pgbench scripts, by name, and async functions and classes. Relative
          names are found in the working directory, or else in pytest's root directory.
        * `check`: Fail the test when the run fails or a limit is violated, skip it when none could be judged.
        * `strict`: Fail the test also when any limit stays unproven.
        * `options`: Those of `perfengine.run`.

        Raises: AssertionError with every limit that does not hold; as `perfengine.run` for what is wrong.
        """
        __tracebackhide__ = True
        arguments = self._arguments(work, options)
        try:
            result = api.run(*arguments.pop("operations"), **arguments)
        except PerfengineError as error:
            raise _without_our_frames(error) from None
        return self._concluded(result, check=check, strict=strict)

    async def run_async(
        self,
        *work: Work,
        check: bool = True,
        strict: bool = False,
        **options: Any,  # noqa: ANN401
    ) -> RunResult:
        """Do the same where an event loop is running already."""
        __tracebackhide__ = True
        arguments = self._arguments(work, options)
        try:
            result = await api.run_async(*arguments.pop("operations"), **arguments)
        except PerfengineError as error:
            raise _without_our_frames(error) from None
        return self._concluded(result, check=check, strict=strict)

    def assert_holds(self, result: RunResult, *, strict: bool = False) -> None:
        """Do what `run` does with `check`, for a result that the test has looked into first.

        Raises: AssertionError with every limit that does not hold.
        """
        __tracebackhide__ = True
        if does_not_hold(result, strict=strict):
            raise AssertionError("\n".join(finding_lines(result, strict=strict)))
        if is_unknown(result):
            pytest.skip("; ".join(line.strip() for line in finding_lines(result)))

    def _concluded(self, result: RunResult, *, check: bool, strict: bool) -> RunResult:
        __tracebackhide__ = True
        _heed_signals(result)
        self._tell("\n".join([verdict_line(result), *unproven_lines(result)]))
        if check:
            self.assert_holds(result, strict=strict)
        return result

    def _arguments(self, work: tuple[Work, ...], options: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of `perfengine.run`; a server that the test names wins over the settings."""
        files = [item for item in work if isinstance(item, str | PathLike)]
        asked = {name: _several(options.get(name)) for name in _FILES}
        asked["scenario"] = [*files, *asked["scenario"]]
        target = {} if options.keys() & {"dsn", "embedded"} else self._target
        baseline = options.get("baseline")
        return {
            **options,
            **target,
            **{name: [self._found(file) for file in named] for name, named in asked.items()},
            **({} if baseline is None else {"baseline": self._found(baseline)}),
            "operations": [item for item in work if not isinstance(item, str | PathLike)],
        }

    def _found(self, file: str | PathLike[str]) -> str:
        """Return the name of the file in the working directory if it is there, else in pytest's root."""
        text = os.fspath(file)
        there = str(self._root / text)
        return text if _exists(text) or not _exists(there) else there


def _several(files: Any) -> list[str | PathLike[str]]:  # noqa: ANN401 - None, one, or several
    if files is None:
        return []
    return [files] if isinstance(files, str | PathLike) else list(files)


def _exists(text: str) -> bool:
    """Return whether there is such a file: `checkout.py:checkout`, or a script with its weight, `visit.sql@3`."""
    path = split_name(text)[0]
    return Path(path).exists() or ("@" in path and Path(path.rpartition("@")[0]).is_file())


def _without_our_frames(error: PerfengineError) -> BaseException:
    """Return the exception without our traceback: its text says what is wrong. A signal ends the session instead."""
    if isinstance(error, RunAborted):
        return _ending(error.exit_code)
    return error.with_traceback(None)


def _heed_signals(result: RunResult) -> None:
    """Raise what ends the session, where a signal ended the run."""
    if result.ended is Ending.INTERRUPTED:
        raise _ending(ExitCode.SIGINT)
    if result.ended is Ending.TERMINATED:
        raise _ending(ExitCode.SIGTERM)


def _ending(code: ExitCode) -> BaseException:
    if code is ExitCode.SIGINT:
        return KeyboardInterrupt()
    return pytest.exit.Exception("terminated while a load test ran", returncode=code)

"""The `perfengine` command: its sub-commands, and what becomes of an exception.

Only Typer is imported here. A command imports what it needs when it is called, so that `--help` is quick.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
import traceback
from typing import Annotated

import typer

from perfengine import __version__
from perfengine.cli import baseline, db, history
from perfengine.cli.ab import ab
from perfengine.cli.calibrate import calibrate
from perfengine.cli.check import check
from perfengine.cli.cleanup import cleanup
from perfengine.cli.compare import compare
from perfengine.cli.compile import compile_plan
from perfengine.cli.generate import generate
from perfengine.cli.init import init
from perfengine.cli.report import report
from perfengine.cli.run import run
from perfengine.cli.schema import schema
from perfengine.errors import ExitCode, InternalError, PerfengineError, SpecError

#: What a write to a disk without room ends with.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

app = typer.Typer(
    name="perfengine",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Load PostgreSQL with the work an application would send, and judge it with evidence.",
    epilog="Exit codes: 0 all limits hold, 1 one failed, 2 wrong input, 3 database or run failed, 4 unproven, "
    "5 refused by a safety rail, 130/143 stopped by a signal.",
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"perfengine {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


app.command("run")(run)
app.command("ab")(ab)
app.command("check")(check)
app.command("compile")(compile_plan)
app.command("generate")(generate)
app.command("compare")(compare)
app.command("report")(report)
app.add_typer(baseline.app, name="baseline")
app.add_typer(history.app, name="history")
app.command("init")(init)
app.command("schema")(schema)
app.command("calibrate")(calibrate)
app.command("cleanup")(cleanup)
app.add_typer(db.app, name="db")


def _let_stdout_go() -> None:
    """Keep the interpreter from complaining of what is left to be written while it closes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Run the command line; every exception becomes words and an exit code."""
    try:
        app()
    except PerfengineError as error:
        # a mistake of a file begins with its place, as editors and terminals expect it
        sys.stderr.write(f"{error}\n" if isinstance(error, SpecError) else f"perfengine: {error}\n")
        if isinstance(error, InternalError):
            sys.stderr.write("this is a mistake of perfengine's own: please report it with the text above\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # the reader of our output has seen enough
        _let_stdout_go()
        sys.exit(ExitCode.OK)
    except Exception as error:  # noqa: BLE001 - whatever is left is our own mistake
        if isinstance(error, OSError) and error.errno in _FULL:
            _let_stdout_go()
            sys.stderr.write(f"perfengine: the output cannot be written: {error.strerror}\n")
            sys.exit(ExitCode.RUN)
        traceback.print_exc()
        sys.stderr.write(
            "perfengine: this is a mistake of perfengine's own: please report it with the text above\n"
        )
        sys.exit(ExitCode.RUN)
    finally:
        gc.freeze()  # all of it goes with the process: looking through it once more costs a fifth of a second

"""Options that say whether tables that are there are loaded, and which."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class TargetWord(StrEnum):
    """What is loaded."""

    SANDBOX = "sandbox"
    EXISTING = "existing"


Target = Annotated[
    TargetWord | None,
    typer.Option(
        "--target",
        help="sandbox: a schema that perfengine makes and drops. existing: the tables and functions that are there, "
        "with rows of its own that it takes out again. Default: as the workload says, else sandbox.",
        show_default=False,
    ),
]
Schema = Annotated[
    str | None,
    typer.Option(
        "--schema",
        metavar="NAME",
        help="Where existing tables and functions are looked for. Default: wherever the role looks.",
        show_default=False,
    ),
]
ReadOnly = Annotated[
    bool,
    typer.Option(
        "--read-only",
        help="On existing tables: only operations that read, in read-only transactions, on rows that are there.",
    ),
]
Rollback = Annotated[
    bool,
    typer.Option(
        "--rollback",
        help="On existing tables: every attempt that writes ends in ROLLBACK. Hides what COMMIT costs.",
    ),
]
WritesElsewhere = Annotated[
    bool,
    typer.Option(
        "--allow-writes-elsewhere",
        help="On existing tables: load them though triggers or functions write in other tables, where it stays.",
    ),
]


def is_existing(word: TargetWord | None) -> bool | None:
    """Return whether tables that are there are to be loaded; None: nothing was said."""
    return None if word is None else word is TargetWord.EXISTING

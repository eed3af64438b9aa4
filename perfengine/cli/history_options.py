"""What the commands of the history share: options, and how they say what they found out on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULTS: Final = Path("perf-results")

Results = Annotated[
    Path,
    typer.Option("--results", metavar="DIR", help="The results directory.", show_default="perf-results"),
]

#: Notes that are said one by one.
_MOST_NOTES: Final = 10


def say(notes: Sequence[str]) -> None:
    """Say on stderr what was found out on the way, a line each; of very many the first ones."""
    for note in notes[:_MOST_NOTES]:
        typer.echo(f"note: {note}", err=True)
    if len(notes) > _MOST_NOTES:
        typer.echo(f"note: and {len(notes) - _MOST_NOTES} more like these", err=True)

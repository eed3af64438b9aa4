"""Options about results and what they are compared with, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

#: A larger one is no fraction; a baseline that holds it could not be read again.
_BEYOND = 1e15


def fraction(value: float | None) -> float | None:
    """Return the fraction; None for None. Raises: typer.BadParameter for one that is too large."""
    if value is None or value < _BEYOND:
        return value
    raise typer.BadParameter(f"{value} is no fraction from 0 on: 0.1 is 10 %")


Results = Annotated[
    list[str],
    typer.Argument(
        metavar="RESULT...",
        help="Results in JSON: files, directories, or globs in quotes.",
        show_default=False,
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="Compare with this baseline, or earlier result, when the run is judged.",
        show_default=False,
    ),
]
RegressionThreshold = Annotated[
    float | None,
    typer.Option(
        "--regression-threshold",
        metavar="X",
        min=0,
        callback=fraction,
        help="By which fraction an operation may change. Default: as the baseline says, else 0.1.",
        show_default=False,
    ),
]
MaxDegradation = Annotated[
    float | None,
    typer.Option(
        "--max-degradation",
        "--regression-threshold",
        metavar="X",
        min=0,
        callback=fraction,
        help="By which fraction an operation may change. Default: as the baseline says, else 0.1; two results: 0.05.",
        show_default=False,
    ),
]

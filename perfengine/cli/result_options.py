"""Options about results and what they are compared with, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
        help="By which fraction an operation may change. Default: as the baseline says, else 0.1; two results: 0.05.",
        show_default=False,
    ),
]

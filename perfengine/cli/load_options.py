"""Options that say how hard and how long, each said once."""

from __future__ import annotations

from typing import Annotated

import typer

Concurrency = Annotated[
    int | None,
    typer.Option(
        "--concurrency", "-c", min=1, max=5000, help="Clients at the same time.", show_default=False
    ),
]
Connections = Annotated[
    int | None,
    typer.Option(
        "--connections",
        metavar="N",
        min=1,
        max=5000,
        help="Connections that the clients share. Default: one each, as far as the server has them.",
        show_default=False,
    ),
]
Rate = Annotated[
    str | None,
    typer.Option(
        "--rate",
        metavar="R",
        help="Open model: so many attempts a second, whatever became of those before them: 500, 500/s, 30/min. "
        "--concurrency is then how many are served at the same time.",
        show_default=False,
    ),
]
Warmup = Annotated[
    str | None,
    typer.Option(
        "--warmup",
        metavar="D",
        help="Load that goes before measuring: 5s. Default: 5s in a mix, else six calls of each client.",
        show_default=False,
    ),
]
Processes = Annotated[
    str | None,
    typer.Option(
        "--processes",
        metavar="N|auto",
        help="Load processes that share clients, connections and rows; auto: one a processor. Default: 1.",
        show_default=False,
    ),
]
Iterations = Annotated[
    int | None,
    typer.Option(
        "--iterations",
        "-n",
        metavar="N",
        min=1,
        max=1_000_000_000,
        help="Attempts of each operation, in all; the clients share them.",
        show_default=False,
    ),
]
Duration = Annotated[
    str | None,
    typer.Option(
        "--duration",
        metavar="D",
        help="Measured time of each operation, or of a mix: 30s, 2m. Cancels iterations from files.",
        show_default=False,
    ),
]
Timeout = Annotated[
    str | None,
    typer.Option(
        "--timeout",
        metavar="D",
        help="The longest that one operation may be measured: 5m.",
        show_default=False,
    ),
]
Repeat = Annotated[
    int,
    typer.Option(
        "--repeat",
        metavar="N",
        min=1,
        max=1000,
        help="Do the whole load N times and say how much the repeats differ; figures and limits are of all together.",
    ),
]
Stabilise = Annotated[
    bool,
    typer.Option(
        "--stabilise",
        help="Before each load: tables into memory, ANALYZE, wait for autovacuum, CHECKPOINT where permitted.",
    ),
]
Canary = Annotated[
    bool | None,
    typer.Option(
        "--canary/--no-canary",
        help="While nothing is measured, time a piece of work that never changes: comparisons tell by it whether the "
        "environment has shifted. Default: with --baseline, and with 10s or more of measured time where the result "
        "is written as JSON.",
        show_default=False,
    ),
]

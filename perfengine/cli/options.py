"""Options that say what is loaded, and with which data, each said once."""

from __future__ import annotations

from typing import Annotated

import typer

FilesOrScripts = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE...",
        help="Entity and workload documents (YAML; a file may hold several), and Python files: workload.py or "
        "workload.py:operation. With --format pgbench, pgbench scripts too.",
        show_default=False,
    ),
]
Filter = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="GLOB",
        help="Run only what matches this glob: order.state_machine.*, order_query, bulk_*. Repeatable.",
        show_default=False,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude", metavar="GLOB", help="Leave out what matches this glob. Repeatable.", show_default=False
    ),
]
DataSet = Annotated[
    str | None,
    typer.Option(
        "--data-set",
        metavar="NAME",
        help="The data set to load, by name. Default: the first.",
        show_default=False,
    ),
]
DataSize = Annotated[
    int | None,
    typer.Option(
        "--data-size",
        metavar="N",
        min=1,
        max=100_000_000,
        help="Rows of the main table; a tenth of it in the tables it refers to.",
        show_default=False,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="N",
        min=0,
        help="All generated values follow from it. Same seed, same values. Default: the document's, else 42.",
        show_default=False,
    ),
]

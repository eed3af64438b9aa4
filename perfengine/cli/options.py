"""Options that several commands share, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[
    list[Path],
    typer.Argument(
        help="Entity or scenario documents (YAML); a file may hold several documents.", show_default=False
    ),
]
Concurrency = Annotated[
    int | None,
    typer.Option(
        "--concurrency", "-c", min=1, max=5000, help="Clients at the same time.", show_default=False
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
        help="Measured time of each operation: 30s, 2m. Cancels iterations from files.",
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
    int,
    typer.Option(
        "--seed", metavar="N", min=0, help="All generated values follow from it. Same seed, same values."
    ),
]
Dsn = Annotated[
    str | None,
    typer.Option(
        "--dsn",
        "--database-url",
        metavar="DSN",
        help="The server: postgresql://user@host:5432/database. A password is safer in PGPASSWORD or ~/.pgpass. "
        "Default: $PERFENGINE_DATABASE_URL, $DATABASE_URL, PGHOST or PGSERVICE, else an embedded PostgreSQL.",
        show_default=False,
    ),
]
Embedded = Annotated[
    bool, typer.Option("--embedded", help="Load a private PostgreSQL, whatever the environment names.")
]
AllowTarget = Annotated[
    str | None,
    typer.Option(
        "--allow-target",
        metavar="DBNAME",
        help="Load this database although the environment named it and it is not on this machine.",
        show_default=False,
    ),
]

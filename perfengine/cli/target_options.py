"""Options that say which server, each said once."""

from __future__ import annotations

from typing import Annotated

import typer

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
DirectDsn = Annotated[
    str | None,
    typer.Option(
        "--direct-dsn",
        metavar="DSN",
        help="Where --dsn is a pooler in transaction mode (workload: prepare: false): the server behind it, where "
        "perfengine makes and drops its sandbox. Default: $PERFENGINE_DIRECT_URL.",
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
        help="Load this database, by its exact name, although it may be one that others depend on: it looks like "
        "production, or the environment named it and it is not on this machine. One of another name is refused.",
        show_default=False,
    ),
]

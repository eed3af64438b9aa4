"""Options that several commands share, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="Entity and workload documents (YAML; a file may hold several), and Python files: workload.py or "
        "workload.py:operation.",
        show_default=False,
    ),
]
FilesOrScripts = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE...",
        help="Entity and workload documents (YAML; a file may hold several), and Python files: workload.py or "
        "workload.py:operation. With --format pgbench, pgbench scripts too.",
        show_default=False,
    ),
]
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
Raw = Annotated[
    Path | None,
    typer.Option(
        "--raw",
        metavar="FILE.csv.gz",
        help="Keep every attempt there: its instants, and what became of it.",
        show_default=False,
    ),
]
RawLimit = Annotated[
    str, typer.Option("--raw-limit", metavar="SIZE", help="How large that file may become: 500MB, 2GB.")
]
Web = Annotated[
    bool,
    typer.Option(
        "--web", help="Serve the live view on 127.0.0.1 while the run goes on; it ends with the report."
    ),
]
WebPort = Annotated[
    int | None,
    typer.Option(
        "--web-port",
        metavar="N",
        min=0,
        max=65535,
        help="Serve it at this port. Default: one that is free.",
        show_default=False,
    ),
]
MetricsListen = Annotated[
    str | None,
    typer.Option(
        "--metrics-listen",
        metavar="ADDRESS",
        help="Serve metrics for Prometheus while the run goes on: 127.0.0.1:9464, or the port alone.",
        show_default=False,
    ),
]
MetricsLinger = Annotated[
    str | None,
    typer.Option(
        "--metrics-linger",
        metavar="D",
        help="Serve them so long after the run: 30s. Default: they end with it.",
        show_default=False,
    ),
]
Otlp = Annotated[
    bool,
    typer.Option(
        "--otlp",
        help="Push the same metrics over OTLP/HTTP, to where OTEL_EXPORTER_OTLP_ENDPOINT says, else localhost:4318.",
    ),
]
OtlpEndpoint = Annotated[
    str | None,
    typer.Option("--otlp-endpoint", metavar="URL", help="Push them there.", show_default=False),
]

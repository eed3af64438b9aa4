"""Options about what is told of a run beside its reports, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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

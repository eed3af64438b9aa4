"""`perfengine init`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from perfengine.errors import UsageError

SCENARIO_NAME = "order.yaml"
SCHEMA_NAME = "perfengine.schema.json"


def init(directory: Annotated[Path, typer.Argument(help="Where to write them.")] = Path()) -> None:
    """Write a commented starter scenario, and the schema that makes an editor complete and check it.

    Example: perfengine init scenarios
    """
    from perfengine.spec.schema import scenario_schema
    from perfengine.spec.starter import starter_scenario

    directory.mkdir(parents=True, exist_ok=True)
    _write_new(directory / SCENARIO_NAME, starter_scenario())
    _write_new(directory / SCHEMA_NAME, json.dumps(scenario_schema(), indent=2) + "\n")
    typer.echo(f"next: perfengine run {directory / SCENARIO_NAME} --concurrency 50", err=True)


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists and is left as it is; name another directory") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    typer.echo(str(path))

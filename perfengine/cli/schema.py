"""`perfengine schema`."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer


class Subject(StrEnum):
    """What a schema describes."""

    SCENARIO = "scenario"
    RESULT = "result"


def schema(
    subject: Annotated[
        Subject, typer.Argument(help="The documents that are read, or the JSON result.")
    ] = Subject.SCENARIO,
) -> None:
    """Print the JSON Schema of a scenario or of a result.

    Example: perfengine schema > perfengine.schema.json, then begin a scenario with the line
    # yaml-language-server: $schema=perfengine.schema.json
    """
    from perfengine.report.result_schema import result_schema
    from perfengine.spec.schema import scenario_schema

    document = result_schema() if subject is Subject.RESULT else scenario_schema()
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))

"""`perfengine calibrate`."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def calibrate(
    seconds: Annotated[
        int, typer.Option("--seconds", metavar="N", min=1, max=600, help="Measure for so long.")
    ] = 5,
    concurrency: Annotated[
        int, typer.Option("--concurrency", "-c", min=1, max=500, help="Clients at the same time.")
    ] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Measure what one load process can do at most on this machine, and keep it: runs print the share they used.

    Example: perfengine calibrate --seconds 10
    """
    from perfengine.engine.calibration import calibrate as measure
    from perfengine.engine.event_loop import run_async

    calibrated = run_async(measure, concurrency, seconds)
    text = json.dumps(calibrated.document(), indent=2) if as_json else "\n".join(calibrated.lines())
    typer.echo(text)

"""Results rendered as JSON, and read back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from perfengine.report.result_json import render_json

if TYPE_CHECKING:
    from perfengine.model.measurement import LatencyCounts
    from perfengine.model.result import RunResult


def count_of(latency: LatencyCounts) -> str:
    """Stand for an encoded histogram in golden files: compression differs between versions of zlib."""
    return f"{latency.moments.count} values"


def load(result: RunResult) -> dict[str, Any]:
    """Return the rendered result, read back."""
    document: dict[str, Any] = json.loads(render_json(result, count_of))
    return document

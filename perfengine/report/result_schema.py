"""The JSON Schema of a result: what a reader may rely on. Keys it does not name are allowed, and to be ignored."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def result_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the result document, as `perfengine schema result` prints it."""
    text = files("perfengine.report").joinpath("result.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema

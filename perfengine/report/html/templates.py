"""What renders the templates of pages: every value is put in as text, and one that is missing is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Callable


def environment_of(source: Callable[[str], str | None]) -> Environment:
    """Return the environment whose templates `source` gives by name, None for one that there is not."""
    return Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

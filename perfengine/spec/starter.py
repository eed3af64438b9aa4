"""The scenario that `perfengine init` writes."""

from __future__ import annotations

from importlib.resources import files


def starter_scenario() -> str:
    """Return a commented scenario that runs as it stands."""
    return files(__package__).joinpath("starter.yaml").read_text(encoding="utf-8")

"""What a result was measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The machine, the server and the settings that matter. No password, no host path."""

    perfengine: str
    python: str
    system: str  #: "Linux-6.1 x86_64"
    cpus: int
    libraries: Mapping[str, str]
    event_loop: str
    target: str  #: address without password
    embedded: bool
    server_version: str
    server_settings: Mapping[
        str, str
    ]  #: those that matter for performance, and all that differ from the default

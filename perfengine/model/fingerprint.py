"""What a measurement stands on: fields that must be the same before two of them are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Known = str | int | float | bool

#: Of one operation: its work, the server and the machine. Names are those of comparison/fingerprint_fields.py;
#: None: could not be read, which is as if the field were not there.
Fingerprint = Mapping[str, Known | None]


class FieldClass(StrEnum):
    """What a difference in a field of the fingerprint means."""

    HARD = "hard"  #: not comparable
    SOFT = "soft"  #: comparable, with a warning
    INFO = "info"  #: only said


class Subject(StrEnum):
    """What is under test, and may therefore differ."""

    SCHEMA = "schema"
    VERSION = "version"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDifference:
    """A field of the fingerprint that is not the same."""

    name: str
    before: Known | None
    after: Known | None
    field_class: FieldClass

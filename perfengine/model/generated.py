"""What generated test files are made of, and the files themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.plan import Plan
    from perfengine.model.table import Table

RuleKey = tuple[str, str, bool]  #: rule, field, accept


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedValues:
    """What a server said of rules and guards before files were made."""

    tables: Mapping[str, Table]  #: by name, with generators that heed the rules
    #: by entity, then by rule: what a validation operation sends, as the driver binds it
    ruled: Mapping[str, Mapping[RuleKey, Any]] = field(default_factory=dict)
    guarded: Mapping[str, Table] = field(
        default_factory=dict
    )  #: by operation, with generators that heed its guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where files come from; it stands at the head of each."""

    version: str  #: perfengine's
    paths: tuple[str, ...]  #: the documents, as seen from the directory of the files
    sha256: str  #: of the text of all documents
    command: str  #: what makes the files anew, without the names of the documents


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateInput:
    """All that the files follow from: the same input, the same bytes."""

    plan: Plan
    tried: TriedValues
    origin: Origin
    with_schema: bool = False  #: the SQL brings its own tables and functions
    data_size: int | None = None  #: as asked for; None: as the documents say
    iterations: int | None = None  #: likewise
    schemas: Mapping[str, str] = field(default_factory=dict)  #: where documents say tables are, by entity
    excludes: tuple[str, ...] = ()  #: globs over operations that the files leave out


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedFile:
    """A file to write."""

    name: str  #: without a directory
    text: str

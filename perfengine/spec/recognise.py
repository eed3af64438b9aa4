"""A document file to its documents: each read as far as it can be, all that is wrong noted."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from perfengine.spec.dialects.entity import respell
from perfengine.spec.meaning.draft import Document
from perfengine.spec.mistakes import RefusedError, quoted
from perfengine.spec.shape.document_part import KINDS, DocumentPart
from perfengine.spec.shape.door import read_part
from perfengine.spec.shape.part import Reading
from perfengine.spec.text.compose import compose_documents
from perfengine.spec.text.source import decode_source
from perfengine.spec.text.tree import MapNode, described

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfengine.spec.documents import DocumentText
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.text.compose import DocumentTree


class Role(StrEnum):
    """How a file was given."""

    SCENARIO = "FILE"  #: a document of any kind
    REQUIREMENTS = "--requirements"  #: requirements only
    SERVICE_LEVELS = "--sla"  #: service level agreements only


_KEY_OF_ROLE: Final = {Role.REQUIREMENTS: "requirements", Role.SERVICE_LEVELS: "service_level_agreements"}
_LABELS: Final = frozenset({"version", "description"})


def recognise(text: DocumentText, role: Role, mistakes: Mistakes) -> list[Document]:
    """Return the documents of a file; what is wrong with them, or with the file, goes to `mistakes`."""
    try:
        source = decode_source(text)
    except RefusedError as refused:
        mistakes.keep(refused.mistake)
        return []
    known = len(mistakes)
    trees = compose_documents(source, mistakes)
    if not trees and len(mistakes) == known:
        mistakes.add(source.position(0, 0), "there is no document in this file", allowed=KINDS)
    documents = (_read(tree, role, mistakes) for tree in trees)
    return [document for document in documents if document is not None]


def recognised_kinds(documents: Iterable[Document]) -> str:
    """Return what the documents were recognised as: `slas.yaml:2 service level agreements`."""
    return ", ".join(
        f"{document.position.path}:{document.position.line} {kind}"
        for document in documents
        for kind in dict.fromkeys(KINDS[key] for key in document.root if key in KINDS)
    )


def _read(tree: DocumentTree, role: Role, mistakes: Mistakes) -> Document | None:
    root = tree.root
    if not isinstance(root, MapNode):
        mistakes.add(
            tree.position, f"a document is a mapping of keys, found {described(root)}", allowed=KINDS
        )
        return None
    if role in _KEY_OF_ROLE:
        _check_role(root, role, mistakes)
    elif set(root) <= _LABELS:
        mistakes.add(root.position, "nothing here says what this document is", allowed=KINDS)
    spelled = respell(root, mistakes)
    name = spelled.root.get("name") or spelled.root.get("entity")
    owner = f" in entity {quoted(name)}" if isinstance(name, str) else ""
    reading = Reading(mistakes=mistakes, owner=owner)
    part = read_part(DocumentPart, spelled.root, reading)
    if part is None:
        return None
    notes = (*spelled.notes, *_skipped(reading))
    return Document(part=part, root=spelled.root, spelled=replace(spelled, notes=notes))


def _skipped(reading: Reading) -> Iterator[str]:
    """Yield a line for the keys that were read past: `of a document: translations, views; of a field: unique`."""
    by_noun: dict[str, list[str]] = {}
    for noun, key in reading.skipped:
        by_noun.setdefault(noun, []).append(key)
    if by_noun:
        pieces = "; ".join(f"of {noun}: {', '.join(keys)}" for noun, keys in by_noun.items())
        yield f"read past, no load depends on it: {pieces}"


def _check_role(root: MapNode, role: Role, mistakes: Mistakes) -> None:
    wanted = _KEY_OF_ROLE[role]
    if wanted not in root:
        mistakes.add(root.position, f'{role} needs a document with "{wanted}"')
    for key in root:
        if key != wanted and key not in _LABELS and DocumentPart.accepts(key):
            message = (
                f'{role} takes "{wanted}" only: give this file as {Role.SCENARIO}, it is known by its keys'
            )
            mistakes.add(root.keys_at[key], message)

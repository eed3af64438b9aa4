"""Documents from text, for tests: what they say, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.errors import SpecError
from perfengine.spec.documents import DocumentText
from perfengine.spec.read import read_scenario

if TYPE_CHECKING:
    from perfengine.model.mistake import Mistake
    from perfengine.model.scenario import Scenario


def document(text: str | bytes, path: str = "order.yaml") -> DocumentText:
    """Return a document file that was never on a disk."""
    return DocumentText(path=path, data=text if isinstance(text, bytes) else text.encode())


def scenario_of(*texts: str) -> Scenario:
    """Return the scenario of documents called 1.yaml, 2.yaml, ..."""
    return read_scenario([document(text, f"{index}.yaml") for index, text in enumerate(texts, 1)])


def mistakes_of(*texts: str | bytes) -> tuple[Mistake, ...]:
    """Return the mistakes of documents called 1.yaml, 2.yaml, ...; there must be some."""
    with pytest.raises(SpecError) as caught:
        read_scenario([document(text, f"{index}.yaml") for index, text in enumerate(texts, 1)])
    return caught.value.mistakes


def messages_of(*texts: str | bytes) -> list[str]:
    """Return the mistakes of documents as `line:column message`."""
    return [
        f"{mistake.position.line}:{mistake.position.column} {mistake.message}"
        for mistake in mistakes_of(*texts)
    ]

"""Files of a user's, and the text of what is wrong with them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Protocol

import pytest

from perfengine.custom.find import find_operations
from perfengine.errors import UsageError
from tests.doubles.event_loops import EVENT_LOOPS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session", params=EVENT_LOOPS)
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """Return the event loop of a test."""
    return request.param


class Write(Protocol):
    """Writes a Python file and returns its name."""

    def __call__(self, text: str, name: str = "shop.py") -> str:
        """Write `text`, below an `import perfengine`, and return the path as a user would type it."""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return what writes a file into the working directory of the test."""
    monkeypatch.chdir(tmp_path)

    def write_file(text: str, name: str = "shop.py") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("import perfengine\n" + textwrap.dedent(text))
        return name

    return write_file


class Complaint(Protocol):
    """Reads a file that is wrong and returns what was said about it."""

    def __call__(self, text: str) -> str:
        """Return the text of the UsageError."""


@pytest.fixture
def complaint(write: Write) -> Complaint:
    """Return what finds out what is wrong with a file."""

    def say(text: str) -> str:
        with pytest.raises(UsageError) as caught:
            find_operations(write(text))
        return str(caught.value)

    return say

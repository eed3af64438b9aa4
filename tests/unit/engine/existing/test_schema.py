"""Asking a server for its tables, before there is a plan."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.existing import schema
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.errors import TargetError
from tests.entities import make_entity, make_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def silent() -> Iterator[str]:
    """Give the address of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host, port = listening.getsockname()
        yield f"postgresql://app@{host}:{port}/app?sslmode=disable"


def test_a_server_that_takes_too_long_is_given_up(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a line that names it: each answer had a limit in such words, and all of them together a traceback."""
    monkeypatch.setattr(schema, "_ASKING_TIMEOUT_S", 0.1)
    request = RunRequest(target=TargetRequest(dsn=silent, existing=True))
    with pytest.raises(TargetError, match=r"127\.0\.0\.1.*took longer than 0\.1 s"):
        schema.read_existing(request, make_scenario(make_entity("order")))

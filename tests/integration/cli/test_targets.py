"""A server that looks like production is loaded only when its database is named: on a terminal, or by the option."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.integration.cli.test_live_view import on_terminal
from tests.integration.engine.parcels import PARCEL
from tests.integration.made import execute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from perfengine.embedded.server import EmbeddedServer
    from tests.integration.cli.conftest import Perfengine


class Shop(NamedTuple):
    """A database that is named like production."""

    name: str
    dsn: str


@pytest.fixture(scope="module")
def shop(server: EmbeddedServer) -> Iterator[Shop]:
    """Yield it; it is dropped after the tests."""
    name = f"shop_prod_{uuid.uuid4().hex}"
    execute(server.dsn, f'CREATE DATABASE "{name}"')
    yield Shop(name, server.dsn_of(name))
    execute(server.dsn, f'DROP DATABASE "{name}" WITH (FORCE)')


def run_of(directory: Path, shop: Shop, *options: str) -> tuple[str, ...]:
    """Return the words of a short run, whose document it writes."""
    (directory / "parcel.yaml").write_text(PARCEL)
    return ("run", "parcel.yaml", "--filter", "parcel_query", "-n", "20", "--dsn", shop.dsn, *options)


def test_without_a_terminal_it_is_refused(perfengine: Perfengine, tmp_path: Path, shop: Shop) -> None:
    """Exit 5, with the sign that was seen and each way out, and nothing was made."""
    ended = perfengine(*run_of(tmp_path, shop))
    assert ended.code == 5
    assert ended.stdout == ""
    assert ended.stderr.rpartition(f"/{shop.name} ")[2] == (
        "comes from --dsn and may be a server that others depend on: it is loaded only if you say so.\n"
        f'   - the database is named "{shop.name}"\n'
        f"   --allow-target {shop.name}   loads it\n"
        "   --embedded       loads a private PostgreSQL instead\n"
    )


def test_with_its_name_it_is_loaded(perfengine: Perfengine, tmp_path: Path, shop: Shop) -> None:
    """And nothing is asked."""
    ended = perfengine(*run_of(tmp_path, shop, "--allow-target", shop.name))
    assert ended.code == 0, ended.stderr
    assert "Test: parcel_query" in ended.stdout


def test_with_another_name_it_is_refused(perfengine: Perfengine, tmp_path: Path, shop: Shop) -> None:
    """A pattern is another name."""
    ended = perfengine(*run_of(tmp_path, shop, "--allow-target", "shop_*"))
    assert ended.code == 5
    assert f'the database there is named "{shop.name}", and --allow-target allows "shop_*"' in ended.stderr


def test_typing_its_name_loads_it(tmp_path: Path, shop: Shop) -> None:
    """The question says what was seen."""
    with on_terminal(tmp_path, *run_of(tmp_path, shop)) as command:
        command.read_until("Type the name of the database to go on: ")
        assert f'- the database is named "{shop.name}"' in command.written
        command.press(shop.name.encode() + b"\n")
        assert command.read_to_end() == 0, command.written
    assert "Test: parcel_query" in command.written


@pytest.mark.parametrize("keys", [b"yes\n", b"\x04"], ids=["yes", "end of input"])
def test_typing_anything_else_does_not(tmp_path: Path, shop: Shop, keys: bytes) -> None:
    """A yes is no name, and nor is the end of the input."""
    with on_terminal(tmp_path, *run_of(tmp_path, shop)) as command:
        command.read_until("to go on: ")
        command.press(keys)
        assert command.read_to_end() == 5
    assert f'not loaded: what was typed is not "{shop.name}"' in command.written
    assert "Test:" not in command.written


def test_ctrl_c_takes_the_question_back(tmp_path: Path, shop: Shop) -> None:
    """Without another key."""
    with on_terminal(tmp_path, *run_of(tmp_path, shop)) as command:
        command.read_until("to go on: ")
        command.press(b"\x03")
        assert command.read_to_end() == 130
    assert "Test:" not in command.written

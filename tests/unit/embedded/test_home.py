"""The directory of a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfengine.embedded.home import MARKER, Home, Kind


@pytest.mark.parametrize(("length", "fits"), [(82, True), (83, False)])
def test_the_path_of_the_socket_has_103_bytes_at_most(length: int, fits: bool) -> None:
    """`/socket/.s.PGSQL.5432` takes 21 of them, the directory may have the other 82."""
    directory = Path("/" + "x" * (length - 1))
    assert Home(directory=directory).has_room_for_socket is fits


def test_bytes_are_counted_not_letters() -> None:
    """An umlaut takes two."""
    assert not Home(directory=Path("/" + "ü" * 50)).has_room_for_socket


def test_a_marker_says_what_it_was_written_for(tmp_path: Path) -> None:
    """What is written is read again; without a marker the directory is not ours."""
    home = Home(directory=tmp_path)
    assert home.read_kind() is None
    home.write_marker(Kind.NAMED)
    assert home.read_kind() is Kind.NAMED


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"kind": "other"}', "\0"])
def test_what_is_not_a_marker_makes_no_directory_ours(tmp_path: Path, text: str) -> None:
    """A file of that name with anything else in it is somebody else's."""
    (tmp_path / MARKER).write_text(text)
    assert Home(directory=tmp_path).read_kind() is None


def test_a_link_to_a_marked_directory_is_not_ours(tmp_path: Path) -> None:
    """Nobody can lead us elsewhere."""
    real = tmp_path / "real"
    real.mkdir()
    Home(directory=real).write_marker(Kind.EPHEMERAL)
    link = tmp_path / "link"
    link.symlink_to(real)
    assert Home(directory=link).read_kind() is None

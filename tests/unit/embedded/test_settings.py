"""The lines of postgresql.conf."""

from __future__ import annotations

from pathlib import Path

from perfengine.embedded.home import Home
from perfengine.embedded.settings import Setting, render_settings, server_settings, wiring_settings


def test_durability_is_on() -> None:
    """The settings that make a commit cost what it costs are on."""
    values = {setting.name: setting.value for setting in server_settings(100)}
    durable = ("fsync", "synchronous_commit", "full_page_writes")
    assert [values[name] for name in durable] == ["on", "on", "on"]


def test_max_connections_is_what_was_asked_for() -> None:
    """The argument arrives in the setting."""
    assert "max_connections = '250'" in render_settings(server_settings(250))


def test_nothing_listens_on_the_network() -> None:
    """The list of addresses is empty, the socket is for its owner."""
    text = render_settings(wiring_settings(Home(directory=Path("/tmp/x"))))  # noqa: S108 - a name, nothing is opened
    assert "listen_addresses = ''" in text
    assert "unix_socket_permissions = '0700'" in text


def test_quotes_and_backslashes_stay_inside_a_value() -> None:
    """A value cannot end its quotes."""
    line = render_settings([Setting(name="a", value="it's \\ here", reason="test")]).splitlines()[1]
    assert line == "a = 'it''s \\\\ here'  # test"


def test_every_setting_says_why() -> None:
    """No line is without its reason."""
    home = Home(directory=Path("/nowhere"))
    assert all(setting.reason for setting in (*server_settings(100), *wiring_settings(home)))

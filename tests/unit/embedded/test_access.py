"""Who may connect."""

from __future__ import annotations

from perfengine.embedded.access import render_hba, render_ident


def test_only_local_sockets_are_admitted_and_only_by_what_the_kernel_says() -> None:
    """The access file has one rule, of type local, with method peer."""
    rules = [line for line in render_hba().splitlines() if not line.startswith("#")]
    assert rules == ["local all all peer map=perfengine"]


def test_a_user_name_with_blanks_and_quotes_is_one_word_of_the_map() -> None:
    """Quotes are doubled inside quotes, as pg_ident.conf wants them."""
    assert render_ident('Jo "X" Doe').splitlines()[-1] == 'perfengine "Jo ""X"" Doe" all'

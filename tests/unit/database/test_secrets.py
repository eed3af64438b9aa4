"""A password goes to the driver and to nobody else."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perfengine.database.address import address_of
from perfengine.errors import UsageError

if TYPE_CHECKING:
    from perfengine.database.address import Address

#: Long enough that it cannot stand in an address by chance.
passwords = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=8, max_size=24)
FORMS = {
    "raw uri": lambda secret: f"postgresql://someone:{secret}@db.example.com:5432/app",
    "quoted uri": lambda secret: f"postgresql://someone:{quote(secret, safe='')}@db.example.com/app",
    "parameter": lambda secret: f"postgresql://db.example.com/app?password={quote(secret, safe='')}",
    "raw parameter": lambda secret: f"postgresql://db.example.com/app?password={secret}",
    "key=value": lambda secret: f"host=db.example.com password={secret} dbname=app",
    "quoted value": lambda secret: "host=h password='{}' dbname=app".format(
        secret.replace("\\", "\\\\").replace("'", "\\'")
    ),
}


def pieces(secret: str) -> set[str]:
    """Return every piece of the password that is long enough to give it away."""
    return {secret[n : n + 6] for n in range(len(secret) - 5)}


def secrets_of(address: Address) -> tuple[str, ...]:
    """Return the passwords in what the driver gets."""
    parts = urlsplit(address.dsn)
    password = unquote(parts.netloc.rpartition("@")[0].partition(":")[2])
    found = [password, *parse_qs(parts.query).get("password", [])]
    return tuple(text for text in found if text)


@pytest.mark.parametrize("form", FORMS)
@given(secret=passwords)
@example(secret="p@ss/word#1")
@example(secret="12345/6789012")
@example(secret="[brackets]?x=y")
@example(secret="a,b:12,34:56@x")
@example(secret="\N{ACCOUNT OF}rest-of-it")
@example(secret="user=x&me=y://z")
@example(secret="%zz%zz%zz%zz")
def test_a_password_is_never_shown(form: str, secret: str) -> None:
    """Not in `shown`, not in repr or str, and not in a mistake: neither whole nor a telling piece of it."""
    harmless = said_of(form, "x" * 8) + said_of(
        "key=value", "'"
    )  # what is said of any password, and of no list
    said = said_of(form, secret)
    assert not [piece for piece in pieces(secret) if piece in said and piece not in harmless]


@pytest.mark.parametrize("form", ["quoted uri", "parameter", "quoted value"])
@given(secret=passwords)
def test_a_password_reaches_the_driver_whole(form: str, secret: str) -> None:
    """Written as its form demands, it is in the DSN and nowhere else."""
    assert secrets_of(address_of(FORMS[form](secret), "--dsn", {})) == (secret,)


def said_of(form: str, secret: str) -> str:
    """Return everything that is said of an address with this password, or of the mistake it is."""
    try:
        address = address_of(FORMS[form](secret), "--dsn", {})
    except UsageError as error:
        beneath = error.__cause__ if error.__suppress_context__ else error.__context__
        return f"{error} {error!r} {beneath!r}"
    return f"{address.shown} {address} {address!r}"


def test_an_address_goes_to_the_load_process_with_its_password() -> None:
    """It is pickled whole; only what people see leaves the password out."""
    address = address_of("postgresql://me:s3cret@db/app", "--dsn", {})
    copy = pickle.loads(pickle.dumps(address))  # noqa: S301 - our own bytes
    assert copy == address
    assert secrets_of(copy) == ("s3cret",)

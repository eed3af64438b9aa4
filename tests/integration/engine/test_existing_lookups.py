"""References to rows of others that are named by days, instants and the like, and views of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.errors import PerfengineError
from perfengine.model.settings import LoadSettings
from tests.integration.engine.existing import run_existing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

#: Each type of a key that an author has, with two values of it; the last day is none that Python has.
KEYS = {
    "date": "'2024-02-29', '2024-12-31', 'infinity'",
    "timestamptz": "'2024-05-05 12:00:00.123456+02', '2024-05-06 00:00+00'",
    "timestamp": "'2024-05-05 12:00:00.5', '2024-07-06 23:00'",
    "float8": "1.5, 1e300",
    "boolean": "true, false",
    "numeric": "1.25, 2",
    "inet": "'10.0.0.1', '10.0.0.2'",
    "interval": "'1 day', '2 hours'",
}
READ = [name for name in KEYS if name != "interval"]
WRITES = ("stay_create", "stay_update", "bulk_stay_update", "stay_query")


def make_lookups(onlooker: Onlooker) -> None:
    """Make a table for each type of key, one that refers to them all, and views of them."""
    for name, values in KEYS.items():
        onlooker.execute(
            f"CREATE TABLE public.of_{name} (key {name} PRIMARY KEY);"
            f"INSERT INTO public.of_{name} SELECT v::{name} FROM unnest(ARRAY[{values}]) AS v;"
            f"CREATE VIEW public.view_of_{name} AS SELECT key AS id, 'x' AS name FROM public.of_{name}"
        )
    columns = ", ".join(f"a_{name} {name} NOT NULL REFERENCES public.of_{name}" for name in KEYS)
    onlooker.execute(f"CREATE TABLE public.stay (id uuid PRIMARY KEY, note text NOT NULL, {columns})")


def test_rows_refer_to_days_and_instants(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """Keys of others were handed to the driver as the server's texts: every insert into such a table failed.

    They are read as they are whatever way the session writes days, and wherever its clock stands.
    """
    make_lookups(onlooker)
    name = inhabited.partition("?")[0].rpartition("/")[2]
    onlooker.execute(f"ALTER DATABASE \"{name}\" SET datestyle TO 'German'")
    onlooker.execute(f"ALTER DATABASE \"{name}\" SET timezone TO 'Asia/Tokyo'")
    before = onlooker.everything()
    settings = LoadSettings(concurrency=2, iterations=10, data_size=20, filters=WRITES)
    result = run_existing(tmp_path, inhabited, settings, document="entity: Stay\nfields: {note: text!}\n")
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys(WRITES, 10)
    assert onlooker.everything() == before


@pytest.mark.parametrize("key", READ)
def test_views_are_read_by_their_id(tmp_path: Path, inhabited: str, onlooker: Onlooker, key: str) -> None:
    """A view has no key, and its `id` any type: the driver was given a text for a day."""
    make_lookups(onlooker)
    document = f"name: view_of_{key}\nfields: {{name: string}}\n"
    settings = LoadSettings(iterations=5, filters=(f"view_of_{key}_query",))
    result = run_existing(tmp_path, inhabited, settings, document=document, read_only=True)
    assert [one.ok for one in result.operations] == [5]


def test_an_id_that_nobody_is_found_by_is_refused(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """The server could not put such values in order, and said so in words that named neither view nor column."""
    onlooker.execute("CREATE VIEW public.doc AS SELECT to_json(1) AS id, 'x' AS name")
    with pytest.raises(PerfengineError, match=r"public\.doc: its id has type json; rows are read by uuids"):
        run_existing(tmp_path, inhabited, document="name: doc\nfields: {name: string}\n", read_only=True)


RULED = """
name: slot
fields: {id: uuid, tm: time, span: duration, cost: money, naive: timestamp}
patterns:
  - name: validation
    rules:
      - {name: late, field: tm, rule: "tm > '08:00'"}
      - {name: short, field: span, rule: "span < '2 hours'"}
      - {name: dear, field: cost, rule: "cost > 0"}
      - {name: new, field: naive, rule: "naive > '2020-01-01'"}
data:
  slot: {tm: {choice: ["09:00"]}, span: {choice: [1 hour]}}
"""


def test_values_that_rules_found_can_be_handed_over(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """A time that the database had accepted came back as a time, where the statement takes a text of one."""
    onlooker.execute(
        "CREATE TABLE public.slot (id uuid PRIMARY KEY, tm time NOT NULL CONSTRAINT late CHECK (tm > '08:00'),"
        " span interval NOT NULL CONSTRAINT short CHECK (span < '2 hours'),"
        " cost money NOT NULL CONSTRAINT dear CHECK (cost > 0::money),"
        " naive timestamp NOT NULL CONSTRAINT new CHECK (naive > '2020-01-01'))"
    )
    settings = LoadSettings(iterations=5, data_size=20, filters=("validate_*",))
    result = run_existing(tmp_path, inhabited, settings, document=RULED)
    assert {one.operation.name: one.ok for one in result.operations} == {
        f"validate_slot_{rule}_{what}": 5
        for rule in ("late", "short", "dear", "new")
        for what in ("accept", "reject")
    }


def test_columns_inside_of_a_unique_expression_stay(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """A bulk update gave a hundred rows the same address, whose lower case was to be unique."""
    onlooker.execute(
        "CREATE TABLE public.guest (id uuid PRIMARY KEY, mail text NOT NULL, note text NOT NULL);"
        "CREATE UNIQUE INDEX ON public.guest (lower(mail))"
    )
    settings = LoadSettings(iterations=5, data_size=20, filters=("bulk_guest_update",))
    document = "name: guest\nfields: {id: uuid, mail: email, note: text}\n"
    (operation,) = run_existing(tmp_path, inhabited, settings, document=document).operations
    assert operation.ok == 5
    assert "mail" not in operation.operation.sql

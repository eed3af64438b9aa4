"""Compiled operations and the author's own, each alone, through ten server sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.settings import LoadSettings
from tests.integration.engine.runs import Watcher
from tests.integration.pooler.runs import SCENARIOS, Pooled, require_sound

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

COMPILED = (
    *(f"single_order_{trigger}" for trigger in ("confirm", "ship", "deliver")),
    *(f"bulk_order_{trigger}" for trigger in ("confirm", "ship", "deliver")),
    *("order_create", "order_query", "order_update", "bulk_order_update"),
    *("order_status_query", "complex_order_search"),
    *("validate_order_positive_total_accept", "validate_order_positive_total_reject"),
)
POOLED = "workload: {prepare: false}\n"
OWN = """
workload:
  prepare: false
  warmup: 0
  setup:
    - CREATE TABLE counter (id int PRIMARY KEY, n bigint NOT NULL)
    - INSERT INTO counter VALUES (1, 0)
    - CREATE TABLE account (id int)
    - INSERT INTO account VALUES (7)
    - CREATE TABLE made (order_id uuid, how text)
    - |
      CREATE FUNCTION note_it(id uuid) RETURNS bigint LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO made VALUES (id, 'noted'); RETURN (SELECT count(*) FROM made); END $$
  ops:
    joined:
      sql: |
        SELECT count(*) FROM {{order}} AS o, customer c, LATERAL (SELECT c.id) AS l -- FROM customer
        WHERE o.customer_id = c.id AND c.id = :customer AND extract(day FROM o.created_at) > 0
      params: {customer: {ref: customer}}
      expect: {rows: 1}
    checkout:
      params: {customer: {ref: customer}}
      transaction:
        isolation: repeatable_read
        steps:
          - sql: |
              INSERT INTO {{order}} (id, customer_id, status, total_amount, created_at, updated_at)
              VALUES (gen_random_uuid(), :customer, 'pending', 5, now(), now()) RETURNING id
            as: placed
            expect: {rows: 1}
          - {think: 1ms}
          - {sql: "SELECT order_confirm(:placed.id)", expect: {not_null: true}}
          - {sql: "INSERT INTO made (order_id, how) VALUES (:placed.id, 'bought')", expect: {affected: 1}}
    count_up:
      sql: UPDATE counter SET n = n + 1 WHERE id = 1
      expect: {affected: 1}
    contended:
      transaction:
        isolation: repeatable_read
        retry: {on: serialization_failure, max: 500, backoff: 1ms}
        steps:
          - {sql: SELECT n FROM counter WHERE id = 1}
          - {sql: UPDATE counter SET n = n + 1 WHERE id = 1, expect: {affected: 1}}
    noted:
      function: note_it
      params: {id: uuid}
    emptied:
      sql: TRUNCATE account
  teardown:
    - DROP TABLE account
"""


def test_compiled_operations(pooled: Pooled, tmp_path: Path) -> None:
    """Every kind does what it says, and the database holds it."""
    (tmp_path / "pooled.yaml").write_text(POOLED)
    settings = LoadSettings(concurrency=20, iterations=60, data_size=200)
    result = pooled.run(SCENARIOS / "order.yaml", tmp_path / "pooled.yaml", load=settings)
    found = require_sound(result, *COMPILED)
    checked = {name for name, one in found.items() if one.rows is not None and one.rows.expected}
    assert checked >= {"single_order_confirm", "bulk_order_confirm", "order_create"}
    assert result.judgements


def test_own_operations(pooled: Pooled, tmp_path: Path, onlooker: Onlooker) -> None:
    """A statement, a transaction with a captured value, retries, a function, and what the server does not parse."""
    names = ("joined", "checkout", "count_up", "contended", "noted", "emptied")
    (tmp_path / "own.yaml").write_text(OWN)
    seen: dict[str, object] = {}

    def look(_: object) -> None:
        schema = onlooker.sandbox()
        for key, query in {
            "counted": f"SELECT n FROM {schema}.counter",
            "bought": f"SELECT count(*) FROM {schema}.made JOIN {schema}.order o ON o.id = order_id "
            "WHERE o.status = 'confirmed'",
            "noted": f"SELECT count(*) FROM {schema}.made WHERE how = 'noted'",
            "accounts": f"SELECT count(*) FROM {schema}.account",
        }.items():
            seen[key] = onlooker.value(query)

    result = pooled.run(
        SCENARIOS / "order.yaml",
        tmp_path / "own.yaml",
        load=LoadSettings(concurrency=20, iterations=60, data_size=200, filters=names),
        watcher=Watcher({"clean up": look}),
    )
    found = require_sound(result, *names)
    assert sum(found["contended"].measurement.retries.values()) > 0
    assert seen == {"counted": 120, "bought": 60, "noted": 60, "accounts": 0}

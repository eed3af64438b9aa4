"""Questions about rows that are there, as SQL: reads of one column, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.existing_question import Asked
from perfengine.model.sql import quote_identifier, quote_literal

if TYPE_CHECKING:
    from perfengine.model.existing import Place
    from perfengine.model.existing_question import Question


def question_sql(question: Question, *, has_pages: bool) -> str:
    """Return the query whose only column, `value`, is a text: an answer a row, none where no row has a value.

    `has_pages` says that the place is no view and no foreign table.
    """
    column, table = quote_identifier(question.column), question.place.sql
    if question.asked is Asked.GREATEST:
        return (
            f"SELECT m::text AS value FROM (SELECT max({column}) AS m FROM {table}) AS g WHERE m IS NOT NULL"
        )
    first = f"SELECT {column} AS v FROM {table} WHERE {column} IS NOT NULL"
    if question.limit == 1:  # any will do, and there may be no index to find the first by
        return f"SELECT v::text AS value FROM ({first} LIMIT 1) AS any_row"
    # by the values themselves: the same rows give the same answer
    some = f"{first} ORDER BY {column} LIMIT {question.limit}"
    if has_pages:
        some = _from_all_over(question, some)
    alone = ""
    if question.asked is Asked.VALUES_OF_ONE_ROW:
        same = f"SELECT FROM {table} AS t WHERE t.{column} = some_rows.v LIMIT 2"
        alone = f"\nWHERE (SELECT count(*) FROM ({same}) AS same) = 1"
    return f"SELECT v::text AS value FROM (\n{some}\n) AS some_rows{alone}"


def _from_all_over(question: Question, first: str) -> str:
    """Return a query for values of pages from all over the table; where these hold none, the `first` ones.

    The oldest rows alone would lie side by side, and all in the cache after the first few reads. As many pages are
    read as values are wanted, at most; which ones is the same each time.
    """
    column, table = quote_identifier(question.column), question.place.sql
    return f"""\
WITH drawn AS MATERIALIZED (
  SELECT {column} AS v FROM {table} TABLESAMPLE SYSTEM ({_percent(question.place, question.limit)}) REPEATABLE (0)
  WHERE {column} IS NOT NULL
)
(SELECT v FROM drawn ORDER BY md5(v::text), v LIMIT {question.limit})
UNION ALL
SELECT v FROM ({first}) AS first_rows WHERE NOT EXISTS (SELECT FROM drawn)"""


def _percent(place: Place, pages: int) -> str:
    """Return the share of a table, of all its partitions together, that is so many pages, as SQL."""
    relation = f"{quote_literal(place.sql)}::regclass"
    return f"""(
    SELECT least(100, 100.0 * {pages} * current_setting('block_size')::bigint
                      / greatest(1, pg_relation_size({relation}), sum(pg_relation_size(relid))))
    FROM pg_partition_tree({relation})
  )"""

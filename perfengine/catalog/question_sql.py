"""Questions about rows that are there, as SQL: reads of one column, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.existing_question import Asked
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.existing_question import Question


def question_sql(question: Question) -> str:
    """Return the query whose only column, `value`, is a text: an answer a row, none where no row has a value."""
    column, table = quote_identifier(question.column), question.place.sql
    if question.asked is Asked.GREATEST:
        return (
            f"SELECT m::text AS value FROM (SELECT max({column}) AS m FROM {table}) AS g WHERE m IS NOT NULL"
        )
    some = f"SELECT {column}::text AS value FROM {table} WHERE {column} IS NOT NULL"
    if question.limit == 1:  # any will do, and there may be no index to find the first by
        return f"{some} LIMIT 1"
    # by the values themselves: the same rows give the same answer
    return f"{some} ORDER BY {column} LIMIT {question.limit}"

"""Existing tables for a plan: what the catalog says of them, and a few questions about rows that are there."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import anyio

from perfengine.catalog.queries import SESSION_SQL, catalog_queries
from perfengine.catalog.question_sql import question_sql
from perfengine.catalog.schema import schema_of
from perfengine.compiler.compile import open_questions
from perfengine.database.connect import SessionSettings, close_connection, in_plain_words, open_connection
from perfengine.database.introspect import ask_catalog, ask_values
from perfengine.engine.event_loop import run_async_anywhere
from perfengine.engine.target import direct_target, named_target
from perfengine.errors import TargetError, UsageError

if TYPE_CHECKING:
    from perfengine.database.address import Address
    from perfengine.database.connect import Connection
    from perfengine.engine.request import RunRequest
    from perfengine.model.existing import ExistingSchema
    from perfengine.model.existing_question import Answer, Question
    from perfengine.model.scenario import Scenario

#: Parents of parents of parents: each level may ask once more.
_MAX_TURNS: Final = 20
#: Asking is a matter of milliseconds; a server that has gone silent is given up.
_ASKING_TIMEOUT_S: Final = 120


def read_existing(request: RunRequest, scenario: Scenario) -> ExistingSchema:
    """Return the schema of the server that the request or the environment names, with what the plan asks of it.

    Raises: UsageError where no server is named, TargetError, PlanError for what does not match.
    """
    named = named_target(request.target)
    if named is None:
        raise UsageError(
            "--target existing: an embedded server has no tables of yours; name the server that has them with --dsn"
        )
    return run_async_anywhere(_read, request, scenario, direct_target(request.target, named))


async def _read(request: RunRequest, scenario: Scenario, address: Address) -> ExistingSchema:
    settings = SessionSettings(run_id=secrets.token_hex(4))
    try:
        with anyio.fail_after(_ASKING_TIMEOUT_S):
            connection = await open_connection(address, settings, answer_timeout_s=settings.answer_timeout_s)
            try:
                return await _asked(connection, address, request, scenario)
            finally:
                with anyio.CancelScope(shield=True):
                    await close_connection(connection)
    except TimeoutError as error:
        raise TargetError(
            f"{address.shown}: what was asked of its tables took longer than {_ASKING_TIMEOUT_S} s"
        ) from error


async def _asked(
    connection: Connection, address: Address, request: RunRequest, scenario: Scenario
) -> ExistingSchema:
    with in_plain_words(address):
        session, answers = await ask_catalog(connection, SESSION_SQL, catalog_queries())
    schema = schema_of(session, answers, request.target.schema)
    for _ in range(_MAX_TURNS):
        questions = open_questions(scenario, request.load, schema, read_only=request.target.read_only)
        if not questions:
            break
        with in_plain_words(address):
            found = {one: await _ask(connection, one, schema) for one in questions}
        schema = replace(schema, answers={**schema.answers, **found})
    return schema


async def _ask(connection: Connection, question: Question, schema: ExistingSchema) -> Answer:
    table = schema.table(question.place)
    has_pages = table is not None and table.kind.has_pages
    return await ask_values(connection, question_sql(question, has_pages=has_pages))

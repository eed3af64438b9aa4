"""Trees of the words of all dialects, put together at random: read, or refused in our own words."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfengine.compiler.compile import compile_scenario
from perfengine.errors import PlanError, SpecError, UsageError
from perfengine.model.settings import LoadSettings
from perfengine.spec.read import read_scenario
from perfengine.spec.shape.rich_types import RICH_TYPES
from tests.documents import document

if TYPE_CHECKING:
    from perfengine.model.mistake import Mistake

_KEYS = st.sampled_from(
    (
        *(
            "name",
            "entity",
            "schema",
            "fields",
            "patterns",
            "actions",
            "indexes",
            "constraints",
            "relationships",
        ),
        *(
            "foreign_keys",
            "validation",
            "rules",
            "state_machine",
            "type",
            "params",
            "config",
            "field",
            "states",
        ),
        *(
            "initial_state",
            "transitions",
            "from",
            "to",
            "trigger",
            "guard",
            "guards",
            "steps",
            "validate",
            "update",
        ),
        *(
            "if",
            "then",
            "else",
            "set",
            "from_states",
            "to_state",
            "condition",
            "rule",
            "columns",
            "values",
            "default",
        ),
        *("references", "nullable", "required", "min", "max", "unique", "status", "id", "a", "b"),
    )
)
_WORDS = st.sampled_from(
    (
        *(
            "order",
            "Order",
            "status",
            "a",
            "b",
            "any",
            "state_machine",
            "validation",
            "uuid",
            "text!",
            "integer?",
        ),
        *(
            "enum(a, b) = a",
            "enum(",
            "ref(Order)",
            "ref(",
            "list(text)",
            "list(",
            "text[]",
            "decimal(9,2)",
            "check",
        ),
        *(
            "status = 'a'",
            "status IN ('a', 'b')",
            "Order SET status = 'b'",
            "Order SET status = ?",
            "a > 0",
            "a > (",
        ),
        *(
            "UNIQUE(a, b)",
            "belongs_to",
            "btree",
            "true",
            "5",
            "",
            "x; y",
            "it's",
            '"',
            "$1",
            *sorted(RICH_TYPES)[:9],
        ),
    )
)
_TREES = st.recursive(
    st.none() | _WORDS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(_KEYS, below, max_size=6),
    max_leaves=40,
)


@st.composite
def _likely(draw: st.DrawFn) -> dict[str, object]:
    """Return an entity that is nearly right: its parts are trees of their own."""
    entity: dict[str, object] = {
        "entity": "Order",
        "fields": {"id": "uuid", "a": "integer", "status": "enum(a, b)"},
    }
    for key in draw(
        st.sets(st.sampled_from(("patterns", "actions", "indexes", "validation", "relationships")))
    ):
        entity[key] = draw(_TREES)
    return entity


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_KEYS, _TREES, max_size=6) | _likely())
def test_any_tree_is_read_or_refused(tree: dict[str, object]) -> None:
    """Neither reading nor compiling gives a traceback, and mistakes have a place."""
    mistakes = _mistakes_of(json.dumps(tree, ensure_ascii=False))
    assert all(mistake.position.line >= 1 and mistake.message for mistake in mistakes)


def _mistakes_of(text: str) -> tuple[Mistake, ...]:
    with contextlib.suppress(UsageError, PlanError):
        try:
            compile_scenario(read_scenario([document(text)]), LoadSettings())
        except SpecError as error:
            return error.mistakes
    return ()

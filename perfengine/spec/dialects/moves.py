"""Which fields the updates of actions set, and which of them holds the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.spec.dialects.names import is_table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.spec.dialects.action_words import Action
    from perfengine.spec.dialects.columns import Columns
    from perfengine.spec.dialects.steps import Update


def own_updates(action: Action, entity: str) -> list[Update]:
    """Return the updates of the entity itself."""
    return [one for one in action.steps.updates if is_table_of(one.entity or entity, entity)]


def state_column(actions: Sequence[Action], entity: str, columns: Columns) -> str | None:
    """Return the column that holds the state: the usual one, else the first enumeration that an action moves."""
    if columns.usual_state:
        return columns.usual_state
    for update in (update for action in actions for update in own_updates(action, entity)):
        for name, value in update.sets:
            column = columns.named(name)
            if column and value is not None and columns.values(column):
                return column
    return next((name for name in columns.names if columns.values(name)), None)


def also_set(action: Action, entity: str, columns: Columns, state: str | None) -> Iterator[str]:
    """Yield the fields that an action changes besides the state; the time of a change is set anyway."""
    for name in dict.fromkeys(name for update in own_updates(action, entity) for name, _ in update.sets):
        column = columns.named(name) or name
        if column not in {state, "updated_at"}:
            yield column

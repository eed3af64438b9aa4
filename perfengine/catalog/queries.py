"""The questions to the catalog: seven, however many tables there are."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

_FOLDER: Final = files("perfengine.catalog") / "sql"
#: In this order; every one of them without parameters.
NAMES: Final = ("tables", "columns", "types", "keys", "constraints", "triggers", "functions")
#: Asked before the others, while the session still looks where the role does.
SESSION_SQL: Final = (
    "SELECT current_database()::text AS database, current_user::text AS role, "
    "current_schemas(false)::text[] AS search_path"
)


def catalog_queries() -> dict[str, str]:
    """Return the text of each query by name.

    They are for a session with an empty search path: then the names of types and functions in their answers are
    qualified, and mean the same in every session.
    """
    return {name: (_FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip() for name in NAMES}

"""The names of variables, as pgbench has them: every character that is not ASCII is a letter.

Source: PostgreSQL, src/bin/pgbench/pgbench.c, `valid_variable_name`; exprscan.l.
"""

from __future__ import annotations

import re
from typing import Final

#: As a part of regular expressions.
NAME: Final = r"[a-zA-Z_\x80-\U0010ffff][a-zA-Z0-9_\x80-\U0010ffff]*"
_WHOLE: Final = re.compile(NAME)


def is_name(text: str) -> bool:
    """Return whether a variable can be called so."""
    return _WHOLE.fullmatch(text) is not None

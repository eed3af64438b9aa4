"""Tables as CSV of RFC 4180: commas, quotes where they are needed, lines that end in CR LF, UTF-8.

A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP's page on CSV injection has
it; numbers are left alone, negative ones too.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Cell = str | int | float | bool | None

#: What a formula may begin with, in full width too; a tab or a line end hides one behind it.
_FORMULA: Final = tuple("=+-@\t\r\n\0＝＋－＠")


def render_table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the table; a cell without a value is empty, numbers have all their digits."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")  # a result that was read may have halves of characters


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return harmless(str(cell)) if isinstance(cell, str) else repr(cell)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text

"""What a page shall hold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlOptions:
    """The options of `reports:` for `html`."""

    include_charts: bool = True  #: without them the page has tables alone, and no script
    include_trends: bool = True  #: where there are earlier runs
    include_raw_data: bool = False  #: the result document itself, inside the page


#: As documents write them.
HTML_OPTIONS: Final = frozenset(field.name for field in fields(HtmlOptions))

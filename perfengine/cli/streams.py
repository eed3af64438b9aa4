"""What stdout can show."""

from __future__ import annotations

import sys


def can_show_signs() -> bool:
    """Return whether stdout can encode the signs of the text reports."""
    try:
        "✅❌❔⚠️🔴🟡🟢🚨".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True

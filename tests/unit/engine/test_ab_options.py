"""Options of `perfengine ab` that no rule can take: words, and no traceback."""

from __future__ import annotations

import pytest

from perfengine.cli.ab_settings import ab_settings
from perfengine.errors import UsageError


@pytest.mark.parametrize("pairs", [(2, 2), (3, 40), (10, 8)])
def test_too_few_pairs_are_a_mistake_of_the_command_line(pairs: tuple[int, int]) -> None:
    """Two pairs ended in a ValueError of the rule itself."""
    with pytest.raises(UsageError, match="pairs"):
        ab_settings("5%", pairs, None, 10, None)

"""Every Python block of the documentation is a file that perfengine takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfengine.custom.find import find_operations

if TYPE_CHECKING:
    from tests.unit.custom.conftest import Write

_PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "python-workloads.md"
_BLOCKS = re.findall(r"^```python\n(.*?)^```$", _PAGE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", _BLOCKS, ids=range(len(_BLOCKS)))
def test_a_block_has_operations(write: Write, block: str) -> None:
    """It is imported without a complaint."""
    assert find_operations(write(block, "block.py")).operations

"""The seed's documents, taken from `tests/fixtures/seed-excerpt.md` as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

_EXCERPT = Path(__file__).parent / "fixtures" / "seed-excerpt.md"
_BLOCK = re.compile(r"^## (.+?)\n\n```yaml\n(.*?)```", re.DOTALL | re.MULTILINE)
#: The lines of the test configuration that stand for the entity above it.
_STANDS_FOR_ENTITY = "# In your entity YAML\nname: order\n# ... fields and patterns ...\n"


def seed_blocks() -> dict[str, str]:
    """Return the YAML blocks by their headings."""
    return dict(_BLOCK.findall(_EXCERPT.read_text(encoding="utf-8")))


def order_document() -> str:
    """Return the entity of step 1 with the test configuration of step 6, as one document."""
    blocks = seed_blocks()
    configuration = blocks["Test configuration"]
    assert configuration.startswith(_STANDS_FOR_ENTITY)
    return blocks["Entity"] + configuration.removeprefix(_STANDS_FOR_ENTITY)

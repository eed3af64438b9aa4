"""The pages of the documentation, and what is in them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
_BLOCK = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:#|--) (\S+\.(?:yaml|sql))\n")
_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")


def text_of(page: Path) -> str:
    """Return a page as it is written."""
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page in that language."""
    return [text for found, text in _BLOCK.findall(text_of(page)) if found == language]


def commands(page: Path) -> list[list[str]]:
    """Return the `perfengine` commands of a page, as a shell would split them; comments left out."""
    lines = [line for text in blocks(page, "sh") for line in text.replace("\\\n", " ").splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("perfengine ")]


def scripts(page: Path) -> list[str]:
    """Return the files that the page has psql run before anything else."""
    lines = [line for text in blocks(page, "sh") for line in text.splitlines()]
    return [line.rpartition(" -f ")[2] for line in lines if line.startswith("psql ") and " -f " in line]


def files(page: Path) -> dict[str, str]:
    """Return the YAML and SQL blocks that a reader saves: those that begin with a comment that is a file name."""
    texts = [*blocks(page, "yaml"), *blocks(page, "sql")]
    return {named[1]: text for text in texts if (named := _FILE.match(text))}


def links(page: Path) -> list[tuple[str, str]]:
    """Return the relative links of a page: the file, empty for the page itself, and the anchor, empty without."""
    prose = _BLOCK.sub("", text_of(page))
    return [(file, anchor) for file, anchor in _LINK.findall(prose) if "://" not in file]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", _BLOCK.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

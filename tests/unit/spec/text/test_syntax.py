"""What the YAML parser complains of, in words that help."""

from __future__ import annotations

import pytest
import yaml

from perfengine.spec.mistakes import Mistakes
from perfengine.spec.text.compose import compose_documents
from perfengine.spec.text.source import decode_source
from tests.documents import document

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: b: c", '1:5 a ":" is not expected here: align the key, or quote text with ": "'),
        ("a:\n\tb: c", "2:1 a tab cannot indent: use spaces"),
        ("a: @b", "1:4 a value cannot begin with '@': put it in quotes"),
        ("a: 'b", "1:4 a quote is opened here and never closed"),
        ("a: [b\nc: d", '1:4 a "[" is opened here and not closed, or a "," is missing'),
        ("a: {b: c\nd", '1:4 a "{" is opened here and not closed, or a "," is missing'),
        ("a:\n  b: c\n d: e", "3:2 this does not line up with the keys above it: mend the indent"),
        ("- a\nb: c", '2:1 this does not line up with the "-" above it: mend the indent'),
        ("a: b\nc", '2:1 a ":" is missing after this key'),
        ("%YAML 2.0\n---\na: b", "1:1 this version of YAML is not read: remove the line %YAML"),
        ("a: *", '1:5 a "*" begins an alias, which is not read: put the text in quotes'),
        ('a: "\\q"', "1:4 a \\ in these double quotes begins no known escape: use single quotes, or \\\\"),
    ],
)
def test_a_complaint_says_where_and_what_to_do(loader: type, text: str, complaint: str) -> None:
    """Both parsers of PyYAML give the same message at the same place."""
    mistakes = Mistakes()
    compose_documents(decode_source(document(text)), mistakes, loader)
    (mistake,) = mistakes.in_file_order(["order.yaml"])
    assert f"{mistake.position.line}:{mistake.position.column} {mistake.message}" == complaint


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("text", ['a: "\\U00110000"', f"%YAML 1.{'9' * 5000}\n---\na", 'a: "\\ud800"'])
def test_a_parser_that_stumbles_leaves_a_mistake(loader: type, text: str) -> None:
    """Escapes and versions of absurd size give a mistake too, not a traceback."""
    mistakes = Mistakes()
    compose_documents(decode_source(document(text)), mistakes, loader)
    assert len(mistakes) == 1 or text.startswith("%YAML")

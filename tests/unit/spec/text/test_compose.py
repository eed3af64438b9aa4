"""Text to trees."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from perfengine.spec.mistakes import Mistakes
from perfengine.spec.text.compose import MAX_VALUES, compose_documents
from perfengine.spec.text.source import decode_source
from perfengine.spec.text.syntax import MAX_DEPTH
from perfengine.spec.text.tree import ListNode, MapNode
from tests.documents import document

LOADERS = [pytest.param(yaml.SafeLoader, id="python")]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(pytest.param(yaml.CSafeLoader, id="libyaml"))
both_parsers = pytest.mark.parametrize("loader", LOADERS)


def _read(text: str, loader: type) -> tuple[list[Any], list[str]]:
    mistakes = Mistakes()
    trees = compose_documents(decode_source(document(text, "a.yaml")), mistakes, loader)
    shown = [
        f"{one.position.line}:{one.position.column} {one.message}"
        for one in mistakes.in_file_order(["a.yaml"])
    ]
    return [tree.root for tree in trees], shown


@both_parsers
def test_scalars_stay_the_text_that_was_written(loader: type) -> None:
    """What YAML 1.1 makes of a word never happens."""
    text = "[on, off, yes, no, 010, 12:30, ~, 1.10, 0x1F, 2024-01-01, .inf, =, 'null', \"\"]"
    roots, mistakes = _read(text, loader)
    assert roots == [
        ["on", "off", "yes", "no", "010", "12:30", "~", "1.10", "0x1F", "2024-01-01", ".inf", "=", "null", ""]
    ]
    assert mistakes == []


@both_parsers
def test_nothing_and_null_are_nothing(loader: type) -> None:
    """Only an empty value and the word null have no text."""
    assert _read("a:\nb: null\nc: NULL\nd: [null]", loader) == (
        [{"a": None, "b": None, "c": None, "d": [None]}],
        [],
    )


@both_parsers
def test_every_key_and_value_knows_its_place(loader: type) -> None:
    """Lines and columns count from 1, widths are what was written, quotes included."""
    mistakes = Mistakes()
    text = 'é: 1\nkey:  "two words"\nlist:\n  - a\n  - {b: c}\nempty:\n'
    (tree,) = compose_documents(decode_source(document(text)), mistakes, loader)
    root = tree.root
    assert isinstance(root, MapNode)
    assert [(at.line, at.column, at.width) for at in root.keys_at.values()] == [
        (1, 1, 1),
        (2, 1, 3),
        (3, 1, 4),
        (6, 1, 5),
    ]
    value = root.values_at["key"]
    assert (value.line, value.column, value.width, value.source) == (2, 7, 11, 'key:  "two words"')
    assert root.values_at["empty"] == root.keys_at["empty"]
    items = root["list"]
    assert isinstance(items, ListNode)
    assert [(at.line, at.column) for at in items.items_at] == [(4, 5), (5, 5)]


@both_parsers
def test_several_documents_share_a_file_and_empty_ones_are_none(loader: type) -> None:
    """A line of --- separates documents; what holds nothing is no document."""
    assert _read("a: 1\n---\n---\nb: 2\n...\n", loader) == ([{"a": "1"}, {"b": "2"}], [])


@both_parsers
@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: &x 1", "1:4 anchors (&x) are not read: write each value out"),
        ("a: *x", "1:4 aliases (*x) are not read: write the value out"),
        ("<<: {a: 1}", "1:1 merge keys (<<) are not read: write the keys out"),
        (
            "a: !!python/object:os.system x",
            (
                "1:4 tags (tag:yaml.org,2002:python/object:os.system) are not read: remove it,"
                " put text that begins with ! in quotes"
            ),
        ),
        ("a: !x b", "1:4 tags (!x) are not read: remove it, put text that begins with ! in quotes"),
        ("[a]: b", "1:1 a key must be text"),
        ("? {a: b}\n: c", "1:3 a key must be text"),
        ('a: "\\e[31m"', "1:4 this text holds a character that cannot be printed"),
        ('a: "\\0"', "1:4 this text holds a character that cannot be printed"),
    ],
)
def test_what_a_document_must_not_hold_is_refused_in_one_line(loader: type, text: str, mistake: str) -> None:
    """Aliases, anchors, merge keys, tags, structured keys and escapes of control characters have no use here."""
    assert _read(text, loader) == ([], [mistake])


@both_parsers
def test_documents_before_a_refusal_are_kept(loader: type) -> None:
    """Their mistakes can be shown together with the refusal."""
    roots, mistakes = _read("a: 1\n---\nb: &x 1", loader)
    assert roots == [{"a": "1"}]
    assert mistakes == ["3:4 anchors (&x) are not read: write each value out"]


@both_parsers
def test_the_first_of_two_equal_keys_stays(loader: type) -> None:
    """The mistake points at the second and names the line of the first."""
    roots, mistakes = _read("a: 1\nb: {c: 2}\na: {d: [3]}\n'': 4\n", loader)
    assert roots == [{"a": "1", "b": {"c": "2"}}]
    assert mistakes == ['3:1 duplicate key "a", first on line 1', "4:1 a key is empty"]


@both_parsers
@pytest.mark.parametrize("opening", ["[", "- ", "a:\n"])
def test_nesting_has_an_end(loader: type, opening: str) -> None:
    """A tower of a hundred thousand brackets is refused at its fifty-first floor."""
    tower = "".join(" " * level + opening for level in range(200)) if "\n" in opening else opening * 100_000
    roots, mistakes = _read(tower, loader)
    assert roots == []
    assert len(mistakes) == 1
    assert mistakes[0].endswith(f"the document is nested deeper than {MAX_DEPTH} levels")


def test_fifty_levels_are_read() -> None:
    """The limit itself is inside."""
    roots, mistakes = _read("[" * MAX_DEPTH + "]" * MAX_DEPTH, LOADERS[-1].values[0])  # type: ignore[arg-type]  # a loader
    assert len(roots) == 1
    assert mistakes == []


def test_a_file_of_too_many_values_is_not_read_in_part() -> None:
    """What was read before the limit would only give mistakes that do not exist."""
    roots, mistakes = _read("---\na: 1\n" * MAX_VALUES, LOADERS[-1].values[0])  # type: ignore[arg-type]  # a loader
    assert roots == []
    assert len(mistakes) == 1
    assert mistakes[0].endswith(f"the file has more than {MAX_VALUES} keys and values")


_words = st.text(
    st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\ufeff"), max_size=12
)
_values = st.recursive(
    st.none() | _words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_words.filter(bool), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.skipif(len(LOADERS) == 1, reason="PyYAML was built without libyaml")
@given(_values)
def test_both_parsers_give_the_written_value(value: Any) -> None:
    """What PyYAML writes is read back by either parser."""
    text = yaml.safe_dump({"value": value}, default_style="'", allow_unicode=True)
    text = text.replace("!!null 'null'", "null")
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        roots, mistakes = _read(text, loader)
        assert mistakes == []
        assert roots == [{"value": value}]


@pytest.mark.skipif(len(LOADERS) == 1, reason="PyYAML was built without libyaml")
@given(
    st.lists(
        st.sampled_from(["a", "b: ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "'x'", "# c\n", "|\n x\n"])
    )
)
def test_both_parsers_give_the_same_tree_at_the_same_places(pieces: list[str]) -> None:
    """Which parser PyYAML has changes nothing but the time it takes."""
    text = "".join(pieces)
    python, libyaml = _read(text, yaml.SafeLoader), _read(text, yaml.CSafeLoader)
    if not python[1] and not libyaml[1]:
        assert python[0] == libyaml[0]
    assert bool(python[1]) == bool(libyaml[1])

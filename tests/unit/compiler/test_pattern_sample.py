"""A text that matches a regular expression."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.compiler.pattern_sample import MAX_SAMPLE, sample_of


@pytest.mark.parametrize(
    ("pattern", "sample"),
    [
        ("^[A-Z]{3}-[0-9]{4}$", "AAA-0000"),
        (r"^\d{5}(-\d{4})?$", "11111"),
        (r"^\+[1-9]\d{6,14}$", "+1111111"),
        ("^[^@]+@[^@]+[.][a-z]{2,}$", "a@a.aa"),
        ("^(draft|final)$", "draft"),
        ("^(?:a|b)(c|d)+$", "ac"),
        ("^[[:upper:]][[:lower:]]+ [[:digit:]]$", "Aa 1"),
        (r"^[\w.]+$", "a"),
        (r"^\(x\)$", "(x)"),
        ("^.{3}$", "aaa"),
        ("a|b", "a"),
        ("^[]x]$", "]"),
        ("^[^aA1]$", "-"),
        ("^[^ -~]?$", ""),
    ],
)
def test_the_sample_matches(pattern: str, sample: str) -> None:
    """The first character of each class and the least of each quantifier make a text that matches."""
    assert sample_of(pattern) == sample
    assert re.search(
        re.sub(r"\[\[:upper:\]\]\[\[:lower:\]\]\+ \[\[:digit:\]\]", "[A-Z][a-z]+ [0-9]", pattern), sample
    )


@given(st.text(alphabet="ab[]()|^$*+?{}1,2.\\-:d") | st.text())
def test_any_text_can_be_read_as_a_pattern(pattern: str) -> None:
    """Nonsense makes some text, neither endless nor an error."""
    assert len(sample_of(pattern)) <= MAX_SAMPLE


def test_groups_without_end_are_read() -> None:
    """A pattern of nothing but parentheses is no trouble."""
    assert sample_of("(" * 100_000) == ""

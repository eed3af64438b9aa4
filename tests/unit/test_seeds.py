"""One seed, many streams: a choice is a function of (seed, stream, index), uniform over indexes."""

from __future__ import annotations

from collections import Counter
from hashlib import md5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from perfengine.seeds import DEFAULT_SEED, WORD_SPAN, digest_hex, pick, share, word, words

words_32 = st.integers(0, WORD_SPAN - 1)
spans = st.integers(1, 1 << 31)


def test_default_seed() -> None:
    """A run that asks for no seed has a fixed one."""
    assert DEFAULT_SEED == 42


@pytest.mark.parametrize(
    ("seed", "stream", "index", "text"),
    [
        (42, "order/id", 0, "42/order/id/0"),
        (-1, "order/row/0", 7, "-1/order/row/0/7"),
        (0, 'größe "x"/id', 2**40, f'0/größe "x"/id/{2**40}'),
    ],
)
def test_digest(seed: int, stream: str, index: int, text: str) -> None:
    """The digest is the MD5 of seed, stream and index with slashes between them, in UTF-8."""
    assert digest_hex(seed, stream, index) == md5(text.encode(), usedforsecurity=False).hexdigest()
    assert word(seed, stream, index) == int(digest_hex(seed, stream, index)[:8], 16)


def test_seeds_streams_and_indexes_differ() -> None:
    """Another seed, stream or index gives another digest."""
    digests = {
        digest_hex(seed, stream, index)
        for seed in (1, 2, 11)
        for stream in ("a", "b", "1/a")
        for index in (0, 1, 10)
    }
    assert len(digests) == 27


@given(words_32, spans)
def test_pick_stays_below_the_span(word_32: int, span: int) -> None:
    """A word is scaled into 0..span-1, with a product that PostgreSQL's bigint holds."""
    assert 0 <= pick(word_32, span) < span
    assert word_32 * span < 2**63


@given(spans)
def test_pick_reaches_both_ends(span: int) -> None:
    """The least word picks the first, the largest word the last."""
    assert pick(0, span) == 0
    assert pick(WORD_SPAN - 1, span) == span - 1


@given(words_32, words_32, spans)
def test_pick_keeps_order(one: int, other: int, span: int) -> None:
    """A larger word never picks less."""
    assert pick(min(one, other), span) <= pick(max(one, other), span)


@pytest.mark.parametrize("span", [2, 7, 64, 100])
def test_picks_are_uniform(span: int) -> None:
    """Over many indexes of a stream every choice is about equally frequent."""
    drawn = Counter(pick(word(DEFAULT_SEED, "spread", index), span) for index in range(20_000))
    assert chisquare([drawn[choice] for choice in range(span)]).pvalue > 0.001


@given(st.integers(), st.text(max_size=4), st.integers(0, 30))
def test_words_in_bulk(seed: int, stream: str, count: int) -> None:
    """Word n is the (n mod 4)-th of digest n / 4: the first of each digest is the word of its index."""
    bulk = words(seed, stream, count)
    digits = "".join(digest_hex(seed, stream, index) for index in range(count // 4 + 1))
    assert list(bulk) == [int(digits[n * 8 : n * 8 + 8], 16) for n in range(count)]
    assert all(bulk[n] == word(seed, stream, n // 4) for n in range(0, count, 4))


@pytest.mark.parametrize(
    ("probability", "below"),
    [(0, 0), (1, WORD_SPAN), (0.5, WORD_SPAN // 2), (1.5, WORD_SPAN), (-1, 0), (1e-12, 0)],
)
def test_share(probability: float, below: int) -> None:
    """A share of all words is below a threshold, whatever rounding made of the probability."""
    assert share(probability) == below

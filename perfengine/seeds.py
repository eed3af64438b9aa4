"""One seed, many named streams: every random choice of a run is a function of (seed, stream, index).

The hash is MD5 because PostgreSQL and Python both have it built in and agree on every byte, so that a row made
by the server and the same row made by the client are equal. It hides nothing and protects nothing.
"""

from __future__ import annotations

import struct
from hashlib import md5
from typing import Final

#: The seed of a run that asked for none. Fixed, so that two runs of one file do the same work.
DEFAULT_SEED: Final = 42

WORD_BITS: Final = 32
WORD_SPAN: Final = 1 << WORD_BITS
WORDS_A_DIGEST: Final = 4


def digest_hex(seed: int, stream: str, index: int) -> str:
    """Return the 32 hex digits that belong to `index` of `stream`: md5 of `seed/stream/index`."""
    return md5(f"{seed}/{stream}/{index}".encode(), usedforsecurity=False).hexdigest()


def word(seed: int, stream: str, index: int) -> int:
    """Return a 32-bit unsigned integer, uniform over indexes: the first eight digits of the digest."""
    return int(digest_hex(seed, stream, index)[:8], 16)


def words(seed: int, stream: str, count: int) -> tuple[int, ...]:
    """Return `count` words of a stream, four from each digest: many of them at a quarter of the price."""
    prefix = f"{seed}/{stream}/".encode()
    digests = -(-count // WORDS_A_DIGEST)
    data = b"".join([md5(b"%b%d" % (prefix, n), usedforsecurity=False).digest() for n in range(digests)])
    return struct.unpack_from(f">{count}I", data)


def share(probability: float) -> int:
    """Return below which word that share of all words lies: 0 for none of them, 2^32 for all."""
    return min(max(round(probability * WORD_SPAN), 0), WORD_SPAN)


def pick(word_32: int, span: int) -> int:
    """Return `word_32` scaled to 0..span-1, in integers only, so that SQL computes the same value.

    `span` is at most 2^31, so that the product fits PostgreSQL's bigint.
    Source: multiply-shift range reduction (Lemire, "Fast Random Integer Generation in an Interval", 2019).
    """
    return (word_32 * span) >> WORD_BITS

"""Random numbers in bulk: half a digest a number, so that one costs a third of a microsecond.

Number `index` of a stream depends on (seed, stream, index) alone, whichever numbers are asked for with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.seeds import digest_hex

if TYPE_CHECKING:
    from numpy.typing import NDArray

_A_DIGEST: Final = 2
#: So many of a number's 64 bits are used: with the half that centres it, that is all a float between 0 and 1 holds.
_BITS: Final = 52


def uniforms(seed: int, stream: str, first: int, count: int) -> NDArray[np.float64]:
    """Return `count` numbers from index `first` on, uniform over 2^-53, 3 x 2^-53, ... 1 - 2^-53: never 0 or 1."""
    skipped = first % _A_DIGEST
    digests = range(first // _A_DIGEST, (first + count + _A_DIGEST - 1) // _A_DIGEST)
    text = "".join([digest_hex(seed, stream, number) for number in digests])
    words = np.frombuffer(bytes.fromhex(text), dtype=">u8")[skipped : skipped + count]
    return ((words >> np.uint64(64 - _BITS)).astype(np.float64) + 0.5) * 2.0**-_BITS


def exponentials(seed: int, stream: str, first: int, count: int) -> NDArray[np.float64]:
    """Return `count` numbers from index `first` on, exponential with mean 1.

    The tail is cut at 53 ln 2 = 36.7 means, which one in 10^16 would pass.
    """
    return -np.log(uniforms(seed, stream, first, count))

"""Encoded histograms are hdrhistogram's own: what it decodes is what was counted."""

from __future__ import annotations

import base64

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.hdr_codec import decode, encode
from perfengine.stats.hdr import HIGHEST_NS, SIGNIFICANT_DIGITS
from tests.builders import count_latencies
from tests.examples import few_examples

values_ns = st.one_of(st.integers(0, 5000), st.integers(0, HIGHEST_NS))
latencies = st.lists(values_ns, max_size=60)


@given(latencies)
def test_round_trip(values: list[int]) -> None:
    """What was encoded comes back, counter by counter."""
    latency = count_latencies(values)
    assert decode(encode(latency)) == latency.counts


@few_examples
@given(st.lists(values_ns, min_size=1, max_size=60))
def test_hdrhistogram_reads_it(values: list[int]) -> None:
    """The library decodes the same counts, and the percentiles of the histogram it would have recorded itself."""
    recorded = HdrHistogram(1, HIGHEST_NS, SIGNIFICANT_DIGITS)
    for value in values:
        recorded.record_value(value)
    decoded = HdrHistogram.decode(encode(count_latencies(values)))
    assert decoded.get_total_count() == len(values)
    assert list(decoded.counts) == list(recorded.counts)
    for q in (0.0, 50.0, 90.0, 95.0, 99.0, 99.9, 100.0):
        assert decoded.get_value_at_percentile(q) == recorded.get_value_at_percentile(q)


@given(latencies)
def test_we_read_hdrhistogram(values: list[int]) -> None:
    """What the library recorded and encoded is decoded to the same counters."""
    recorded = HdrHistogram(1, HIGHEST_NS, SIGNIFICANT_DIGITS)
    for value in values:
        recorded.record_value(value)
    assert decode(recorded.encode().decode()) == count_latencies(values).counts


def test_values_above_range_are_in_it() -> None:
    """A value above an hour is encoded with the hours."""
    assert sum(decode(encode(count_latencies([7 * HIGHEST_NS, 5]))).values()) == 2


def test_counts_beyond_32_bits() -> None:
    """A counter may hold billions."""
    assert decode(encode(count_latencies([]))) == {}
    latency = count_latencies([1000])
    (index,) = latency.counts
    object.__setattr__(latency, "counts", {index: 2**40})
    assert decode(encode(latency)) == {index: 2**40}


def test_text_is_the_compressed_v2_format() -> None:
    """The text is base64 of a blob that begins with the cookie of compressed V2 histograms."""
    assert base64.b64decode(encode(count_latencies([1, 2, 3])))[:4].hex() == "1c849314"


@pytest.mark.parametrize(
    ("lowest", "highest", "digits"),
    [(1, HIGHEST_NS, 2), (1000, HIGHEST_NS, SIGNIFICANT_DIGITS), (1, 2 * HIGHEST_NS, SIGNIFICANT_DIGITS)],
)
def test_other_histograms_are_refused(lowest: int, highest: int, digits: int) -> None:
    """A histogram of another range or precision has other counters, and is refused."""
    other = HdrHistogram(lowest, highest, digits)
    other.record_value(5000)
    with pytest.raises(ValueError, match="not a histogram of 1 ns to 1 h with three significant digits"):
        decode(other.encode().decode())


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: base64.b64encode(data).decode()))
def test_what_is_no_histogram_is_refused(text: str) -> None:
    """Whatever the library stumbles over becomes a ValueError."""
    with pytest.raises(ValueError, match="not a"):
        decode(text)

"""The histogram of the latest intervals together: what comes is added, what goes is taken off again."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from perfengine.metrics.merge import merge_moments
from perfengine.model.measurement import LatencyCounts, Moments

if TYPE_CHECKING:
    from collections.abc import Mapping


class SlidingLatency:
    """The last `most` histograms as one: a new one costs two passes, however many there are."""

    def __init__(self, most: int) -> None:
        self._latest: deque[LatencyCounts] = deque(maxlen=most)
        self._counts: dict[int, int] = {}

    def add(self, latency: LatencyCounts) -> None:
        """Take a histogram; the oldest one goes."""
        if len(self._latest) == self._latest.maxlen:
            self._take_off(self._latest[0].counts)
        counts = self._counts
        for index, count in latency.counts.items():
            counts[index] = counts.get(index, 0) + count
        self._latest.append(latency)

    def _take_off(self, gone: Mapping[int, int]) -> None:
        counts = self._counts
        for index, count in gone.items():
            left = counts[index] - count
            if left:
                counts[index] = left
            else:
                del counts[index]

    @property
    def total(self) -> LatencyCounts:
        """All of them together. Its counts are those of this object: they change with what comes."""
        moments = Moments()
        for latency in self._latest:
            moments = merge_moments(moments, latency.moments)
        above_range = sum(latency.above_range for latency in self._latest)
        return LatencyCounts(counts=self._counts, above_range=above_range, moments=moments)

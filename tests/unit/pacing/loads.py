"""Loads for the tests of pacing, and what Hypothesis draws of them."""

from __future__ import annotations

from hypothesis import strategies as st

from perfengine.model.load import Arrival, OpenLoad, Stage
from perfengine.units import NS_PER_MS, NS_PER_S

#: Half of the stages jump or hold; levels meet in zero and in whole numbers as they do in documents.
levels = st.sampled_from([0.0, 1.0, 2.0, 10.0, 100.0]) | st.floats(0, 200)
durations_ns = st.sampled_from([0, NS_PER_S, 3 * NS_PER_S]) | st.integers(1, 4 * NS_PER_S)
stages = st.builds(Stage, duration_ns=durations_ns, target=levels)
#: Levels that change by less than 0.001 in a nanosecond.
gentle_stages = st.builds(
    Stage, duration_ns=st.integers(0, 4000).map(lambda ms: ms * NS_PER_MS), target=levels
)
gentle_shapes = st.lists(gentle_stages, min_size=1, max_size=6).map(tuple)
shapes = st.lists(stages, min_size=1, max_size=6).map(tuple)
rates_per_s = st.sampled_from([0.5, 1.0, 1000.0, 1 / 3]) | st.floats(0.1, 2000)


def open_loads(arrival: Arrival) -> st.SearchStrategy[OpenLoad]:
    """Return open loads with and without stages."""
    plain = st.builds(OpenLoad, rate_per_s=rates_per_s, arrival=st.just(arrival))
    staged = st.builds(OpenLoad, rate_per_s=st.just(1.0), arrival=st.just(arrival), stages=shapes)
    return plain | staged


any_load = open_loads(Arrival.CONSTANT) | open_loads(Arrival.POISSON)
spans_ns = st.sampled_from([1, NS_PER_S]) | st.integers(1, 6 * NS_PER_S)

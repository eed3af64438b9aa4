"""What was written to the index is what is read from it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from perfengine.history.index import opened
from perfengine.history.reading import newest_runs, operation_names, runs_called, scenario_names
from perfengine.history.writing import change_runs
from perfengine.model.kept_run import Figure, KeptOperation
from tests.kept_runs import make_kept

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
FIGURES = st.dictionaries(st.sampled_from(Figure), st.floats(0, 1e12))
GROUNDS = st.dictionaries(
    WORDS, WORDS | st.integers(-(10**30), 10**30) | st.booleans() | st.floats(0, 1), max_size=3
)
OPERATIONS = st.lists(
    st.builds(KeptOperation, name=WORDS, ground=GROUNDS, figures=FIGURES),
    unique_by=lambda one: one.name,
    max_size=4,
)


@given(WORDS, st.lists(OPERATIONS, max_size=4))
def test_a_round_trip(scenario: str, operations: list[list[KeptOperation]]) -> None:
    """Whatever names, figures and grounds there are, in the order of time; written twice, each is there once."""
    runs = tuple(
        replace(make_kept(day), scenario=scenario, operations=tuple(each))
        for day, each in enumerate(operations)
    )
    with opened(None) as index:
        change_runs(index, added=reversed(runs), gone=())
        change_runs(index, added=runs, gone=())
        assert newest_runs(index) == runs
        assert scenario_names(index) == ([scenario] if runs else [])
        assert set(operation_names(index, scenario)) == {one.name for each in operations for one in each}
        assert [runs_called(index, run.run_id) for run in runs] == [[run.directory] for run in runs]
        change_runs(index, added=(), gone=[run.directory for run in runs])
        assert newest_runs(index) == ()
        assert index.execute("SELECT count(*) FROM operation").fetchone() == (0,)

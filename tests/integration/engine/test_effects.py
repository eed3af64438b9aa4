"""What attempts claim is in the database row by row, as somebody else sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from perfengine.datagen.values import key_value
from perfengine.model.outcome import Outcome
from perfengine.model.settings import LoadSettings
from tests.integration.engine.runs import Watcher, plan_order, run_order

if TYPE_CHECKING:
    from perfengine.engine.planning import PlannedRun
    from perfengine.model.plan import OperationPlan, PhasePlan
    from tests.integration.engine.looking import Onlooker

TARGETS = {"confirm": "confirmed", "ship": "shipped", "deliver": "delivered"}
#: Of so many attempts one gets a row in a state from which no transition leads on: it must be refused.
SPOILT_EVERY = 13


@dataclass
class Saboteur:
    """Spoils rows before an operation works on them, and looks which were changed before they are taken out."""

    onlooker: Onlooker
    planned: PlannedRun
    changed: dict[str, set[str]] = field(default_factory=dict)
    expected: dict[str, set[str]] = field(default_factory=dict)
    spoilt: dict[str, int] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)

    def spoil(self, phase: PhasePlan) -> None:
        """Put a row of some attempts into a state of no return, and work out what is to be changed then."""
        (plan,) = phase.operations
        name, keys = plan.operation.name, self.keys_of(plan)
        size = plan.operation.rows.per_attempt if plan.operation.rows else 1
        attempts = [keys[n : n + size] for n in range(0, len(keys), size)]
        wrong = range(0, len(attempts), SPOILT_EVERY)
        self.onlooker.value(
            f"WITH spoilt AS (UPDATE {self.orders} SET status = 'lost' WHERE id = ANY ($1::uuid[]) RETURNING 1)"
            " SELECT count(*) FROM spoilt",
            [attempts[n][n % size] for n in wrong],
        )
        self.spoilt[name] = len(wrong)
        self.expected[name] = {key for n, some in enumerate(attempts) if n not in wrong for key in some}
        self.others[name] = self.rows_besides(keys)

    def look(self, phase: PhasePlan) -> None:
        """See which rows of the operation are in its target state, and that the others are as they were."""
        (plan,) = phase.operations
        name, keys = plan.operation.name, self.keys_of(plan)
        query = f"SELECT id FROM {self.orders} WHERE status = $1 AND id = ANY ($2::uuid[])"
        found = self.onlooker.fetch(query, TARGETS[name.rpartition("_")[2]], keys)
        self.changed[name] = {row["id"].hex for row in found}
        assert self.rows_besides(keys) == self.others[name]

    def keys_of(self, plan: OperationPlan) -> list[str]:
        """Return the keys of the operation's rows, warm-up first."""
        indexes = range(plan.keys.start, plan.keys.stop)
        table = self.planned.plan.table("order")
        return [str(key_value(self.planned.plan.seed, table, n)) for n in indexes]

    def rows_besides(self, keys: list[str]) -> list[str]:
        """Return the rows of the table that the operation has nothing to do with."""
        query = f"SELECT t::text FROM {self.orders} AS t WHERE id <> ALL ($1::uuid[]) ORDER BY id"
        return [row[0] for row in self.onlooker.fetch(query, keys)]

    @property
    def orders(self) -> str:
        """The table in the sandbox of the run."""
        return f'{self.onlooker.sandbox()}."order"'


@pytest.mark.parametrize(
    ("operations", "settings"),
    [
        pytest.param(
            [f"single_order_{trigger}" for trigger in TARGETS],
            LoadSettings(concurrency=50, iterations=500, data_size=100, filters=("single_transition",)),
            id="one row an attempt, 50 clients",
        ),
        pytest.param(
            [f"bulk_order_{trigger}" for trigger in TARGETS],
            LoadSettings(concurrency=5, iterations=30, data_size=100, filters=("bulk_transition",)),
            id="a hundred rows an attempt",
        ),
    ],
)
def test_the_rows_in_the_target_state_are_those_of_ok_attempts(
    inhabited: str, onlooker: Onlooker, operations: list[str], settings: LoadSettings
) -> None:
    """Exactly those, warm-up included; what was refused is counted, and the run's own check comes to the same."""
    saboteur = Saboteur(onlooker, plan_order(settings))
    watcher = Watcher({"warm-up": saboteur.spoil, "clean up": saboteur.look})
    result = run_order(inhabited, settings, watcher)
    assert [summary.operation.name for summary in result.operations] == operations
    for summary in result.operations:
        name, measurement = summary.operation.name, summary.measurement
        assert saboteur.changed[name] == saboteur.expected[name]
        assert summary.rows is not None
        assert (summary.rows.expected, summary.rows.found) == (len(saboteur.changed[name]),) * 2
        assert (summary.rows.unexpected, summary.rows.in_doubt) == (0, 0)
        assert summary.refused + measurement.warmup_failures == saboteur.spoilt[name]
        assert summary.attempts == settings.iterations == summary.ok + summary.refused
        assert {failure.sqlstate for failure in measurement.failures} == {"P0001"}
        assert {failure.outcome for failure in measurement.failures} == {Outcome.REFUSED}


def test_a_row_that_somebody_else_changes_is_noticed(inhabited: str, onlooker: Onlooker) -> None:
    """The run's check finds the missing one and the one too many, and says that the effect is not confirmed."""

    def meddle(_: PhasePlan) -> None:
        orders = f'{onlooker.sandbox()}."order"'
        onlooker.execute(
            f"CREATE FUNCTION public.meddle() RETURNS trigger LANGUAGE plpgsql AS "
            f"'BEGIN IF random() < 0.2 THEN NEW.status := ''lost''; END IF; RETURN NEW; END';"
            f"CREATE TRIGGER meddle BEFORE UPDATE ON {orders} FOR EACH ROW EXECUTE FUNCTION public.meddle()"
        )

    settings = LoadSettings(concurrency=4, iterations=100, data_size=100, filters=("single_order_confirm",))
    (summary,) = run_order(inhabited, settings, Watcher({"warm-up": meddle})).operations
    assert summary.ok == 100
    assert summary.rows is not None
    assert summary.rows.found is not None
    assert summary.rows.expected == 100 + summary.measurement.warmup_attempts
    assert summary.rows.found < summary.rows.expected
    assert not summary.rows.verified

"""How scripts are made: what is known before an attempt, and what is not."""

from __future__ import annotations

import pytest

from perfengine.errors import UsageError
from perfengine.model.pgbench import Take
from perfengine.model.transaction import Argument, PauseStep, StatementStep
from perfengine.pgbench.arguments import argument_maker, script_arguments
from perfengine.pgbench.bind import BoundScripts
from perfengine.pgbench.builtin import BUILTINS
from perfengine.pgbench.settle import controls_transaction, statements_at_most
from tests.unit.pgbench.scripts import settled


def test_tpcb_like_is_a_transaction_of_five_statements() -> None:
    """Its values are integers whatever is drawn, each made once; BEGIN and END are the transaction's own."""
    (script,) = settled(BUILTINS["tpcb-like"], scale=3)
    assert script.statements is not None
    assert not script.commands
    assert (script.statements.explicit, len(script.statements.steps)) == (True, 5)
    takes = [one for one in script.arguments if isinstance(one, Take)]
    assert [(one.name, one.is_integer) for one in takes] == [
        ("delta", True), ("aid", True), ("tid", True), ("bid", True),
    ]  # fmt: skip
    insert = script.statements.steps[-1]
    assert isinstance(insert, StatementStep)
    assert insert.bindings == tuple(Argument(position=n) for n in (2, 3, 1, 0))
    attempts = script_arguments(script, "tpcb", 42, range(2000))
    deltas, accounts, tellers, branches = zip(*attempts, strict=True)
    assert (min(deltas) + 5000, 5000 - max(deltas)) < (100, 100)
    assert 1 <= min(accounts) < 3000
    assert 297_000 < max(accounts) <= 300_000
    assert (set(tellers), set(branches)) == (set(range(1, 31)), {1, 2, 3})


def test_values_follow_from_seed_name_and_number() -> None:
    """The same attempt has the same values, in whatever order and process it is made."""
    (script,) = settled("\\set a random(1, 1000000)\nSELECT :a;\n")
    all_of_them = script_arguments(script, "x", 7, range(100))
    assert script_arguments(script, "x", 7, list(range(50, 100))) == all_of_them[50:]
    assert script_arguments(script, "x", 8, range(100)) != all_of_them
    assert script_arguments(script, "y", 7, range(100)) != all_of_them
    assert len(set(all_of_them)) == 100


@pytest.mark.parametrize(
    "script",
    [
        BUILTINS["tpcb-like"],
        (
            "\\set a random(1, 3)\nSELECT :a;\n\\set a random(-5, -5)\n\\set b random(0, 9223372036854775806)\n"
            "SELECT :a, :b, :scale, :word;\n"
        ),
        "\\set a random(-9223372036854775807, -1)\nSELECT :a, :a;\n",
        "SELECT 1;\n",
    ],
)
def test_many_attempts_at_once_have_the_values_of_each(script: str) -> None:
    """Whether one after the other or all together."""
    (one,) = settled(script, scale=7, word="w")
    numbers = [0, 1, 2, 77, 5_000_000_000, *range(1000)]
    make = argument_maker(one, "x", 9)
    assert script_arguments(one, "x", 9, numbers) == [make(number) for number in numbers]


def test_a_variable_that_is_set_again_is_another_argument() -> None:
    """Each statement has the value of its own moment."""
    (script,) = settled(
        "\\set a 1\nSELECT :a;\n\\set a :a + 1\n\\sleep 2 ms\nSELECT :a, :a, :word;\n", word="w"
    )
    assert script.statements is not None
    first, pause, second = script.statements.steps
    assert isinstance(pause, PauseStep)
    assert (isinstance(first, StatementStep), pause.think.mean_ns) == (True, 2_000_000)
    assert isinstance(second, StatementStep)
    assert [one for one in second.bindings if isinstance(one, Argument)] == [
        Argument(position=1), Argument(position=1), Argument(position=2),
    ]  # fmt: skip
    assert script_arguments(script, "x", 1, [0]) == [(1, 2, "w")]


@pytest.mark.parametrize(
    "script",
    [
        "SELECT 1 AS one \\gset\nSELECT :one;\n",
        "\\if :scale > 1\nSELECT 1;\n\\endif\n",
        "SELECT :client_id;\n",
        "\\sleep :scale ms\n",
        "SELECT :late;\n\\set late 1\n",
    ],
)
def test_what_depends_on_more_is_followed(script: str) -> None:
    """On an answer, a client, or an attempt before."""
    (one,) = settled(script)
    assert one.commands


def test_scripts_share_what_they_do_not_set() -> None:
    """Where one reads what another has set, neither of them can be made beforehand."""
    setting, reading, other = settled("\\set a 1\nSELECT :a;\n", "SELECT :a;\n", "\\set b 1\nSELECT :b;\n")
    assert setting.commands
    assert reading.commands
    assert not other.commands


def test_what_every_way_sets_is_set() -> None:
    r"""An \if without an \else leaves a way on which it is not."""
    setting = "\\set a 1\nSELECT :a;\n"
    both_ways = "\\if true\n\\set a 2\n\\else\n\\set a 3\n\\endif\nSELECT :a;\n"
    alone, _ = settled(setting, both_ways)
    assert not alone.commands
    shared, _ = settled(setting, "\\if true\n\\set a 2\n\\endif\nSELECT :a;\n")
    assert shared.commands


@pytest.mark.parametrize(
    ("script", "explicit"),
    [
        ("BEGIN;\nSELECT 1;\nEND;\n", True),
        ("start transaction;\nSELECT 1;\ncommit work;\n", True),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\nEND;\n", False),
        ("BEGIN;\nSELECT 1;\nCOMMIT;\nBEGIN;\nSELECT 2;\nEND;\n", False),
        ("SELECT 1;\nSELECT 2;\n", False),
    ],
)
def test_only_a_transaction_around_all_is_one_of_ours(script: str, explicit: bool) -> None:
    """Other BEGIN and COMMIT are statements."""
    (one,) = settled(script)
    assert one.statements is not None
    assert one.statements.explicit is explicit


@pytest.mark.parametrize(
    ("script", "controls"),
    [
        ("BEGIN;\nSELECT 1;\nEND;\n", False),
        ("/* of two */ BEGIN;\nSELECT 1;\n", True),
        ("\\if true\nCOMMIT AND CHAIN;\n\\endif\n", True),
        ("SELECT 1 AS begin;\n", False),
    ],
)
def test_a_statement_that_controls_a_transaction_is_known_by_its_first_word(
    script: str, controls: bool
) -> None:
    """Also behind a comment: such a script was left inside of its transaction, and nobody was told."""
    (one,) = settled(script)
    assert controls_transaction(one) is controls


def test_a_pause_of_less_than_nothing_takes_no_time_away() -> None:
    """An hour less than nothing left a script that is followed with no time for its statements."""
    (script,) = settled("\\if true\n\\sleep -3600 s\nSELECT 1;\n\\endif\n\\sleep 61 s\n")
    assert script.commands
    assert statements_at_most(script) == 7  # the statement, pauses of one and of three, and two around them


def test_a_value_that_cannot_be_made_is_said_with_its_place() -> None:
    """Before the attempt, for its author."""
    (script,) = settled("\\set a 10 / (:scale - 1)\nSELECT :a;\n", scale=1)
    with pytest.raises(UsageError, match=r"script.sql:1:1: \\set a: division by zero"):
        script_arguments(script, "x", 1, [0])


def test_clients_of_processes_have_numbers_of_their_own() -> None:
    """Every second one of two processes; a session that is gone leaves its number to the next."""
    (script,) = settled("SELECT :client_id;\n")
    binder = BoundScripts(1, first=1, step=2)

    class Driver:
        gone = False

        def is_closed(self) -> bool:
            return self.gone

    class Session:
        def __init__(self) -> None:
            self.driver = Driver()

    sessions = [Session(), Session(), Session()]
    clients = [binder._client(one, script) for one in sessions]  # type: ignore[arg-type]
    assert [one.variables["client_id"] for one in clients] == [1, 3, 5]
    assert binder._client(sessions[1], script) is clients[1]  # type: ignore[arg-type]
    sessions[1].driver.gone = True
    assert binder._client(Session(), script) is clients[1]  # type: ignore[arg-type]

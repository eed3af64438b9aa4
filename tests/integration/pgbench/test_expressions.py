"""Expressions have the values that pgbench itself gives them: of any shape, random ones and hashes too."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfengine.pgbench.evaluate import computing
from perfengine.pgbench.expression import parse_expression
from perfengine.pgbench.fault import Fault
from perfengine.pgbench.hashes import signed
from perfengine.pgbench.prng import Prng
from perfengine.pgbench.values import ScriptError, to_text, type_name
from tests.integration.pgbench.real_pgbench import SEED, refuses, values_of

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.model.pgbench import Value

_OPERATORS: Final = ("+", "-", "*", "/", "%", "&", "|", "#", "<<", ">>", "<", "<=", ">", ">=", "=", "<>", "!=",
                     "and", "or")  # fmt: skip
_ONE: Final = ("abs", "int", "double", "sqrt", "ln", "exp", "hash", "hash_fnv1a", "hash_murmur2")
_TWO: Final = ("mod", "pow", "power", "least", "greatest", "permute", "hash", "hash_fnv1a", "random")
_THREE: Final = ("permute", "least", "greatest")


_LEAVES: Final = ("0.0", "1.5", "2.5", ".5", "3.", "1e3", "7.25E-2", "1e300", "true", "FALSE", "null", "pi()",
                  ":default_seed", ":scale", "9223372036854775807", "1", "2", "7",
                  "random_gaussian(1, 50, 2.5)", "random_exponential(-3, 9, 4)",
                  "random_zipfian(1, 99, 1.3)")  # fmt: skip
_TESTS: Final = ("is null", "is not null", "isnull", "NOTNULL", "is true", "is not false")


def _leaf(chance: Random) -> str:
    if chance.random() < 0.5:
        return str(chance.randint(0, 12) if chance.random() < 0.7 else chance.getrandbits(63))
    return chance.choice(_LEAVES)


def _expression(chance: Random, depth: int = 0) -> str:
    """Return an expression of any shape: those of pgbench's grammar, with parentheses or without."""
    if depth > 3 or chance.random() < 0.15:
        return _leaf(chance)
    parts = [_expression(chance, depth + 1) for _ in range(3)]
    return chance.choice([
        f"{parts[0]} {chance.choice(_OPERATORS)} {parts[1]}",
        f"{parts[0]} {chance.choice(_OPERATORS)} {parts[1]}",
        f"({parts[0]})",
        f"{chance.choice(['- ', '+ ', '~ ', 'not '])}{parts[0]}",
        f"{parts[0]} {chance.choice(_TESTS)}",
        f"{chance.choice(_ONE)}({parts[0]})",
        f"{chance.choice(_TWO)}({parts[0]}, {parts[1]})",
        f"{chance.choice(_THREE)}({parts[0]}, {parts[1]}, {parts[2]})",
        f"case when {parts[0]} then {parts[1]} else {parts[2]} end",
        f"CASE WHEN {parts[0]} THEN {parts[1]} END",
    ])  # fmt: skip


class _Twin:
    """Computes expressions one after the other, as the only client of a pgbench with that seed does."""

    def __init__(self) -> None:
        base = Prng(SEED)
        self._random = Prng(base.word())
        self._variables: dict[str, Value] = {"default_seed": signed(base.word()), "scale": 1}

    def value(self, expression: str) -> tuple[str, str]:
        """Return kind and text. Raises: ScriptError."""
        value = computing(parse_expression(expression))(self._variables, self._random)
        return type_name(value), to_text(value) or ""


def _computable(expression: str) -> bool:
    """Return whether an expression has a value at all, without drawing any for others."""
    try:
        kind, text = _Twin().value(expression)
    except (ScriptError, Fault):  # `1 < 2 < 3` is no expression
        return False
    # a double's NaN has a sign that C prints, and doubles that are near an integer's end are the machine's affair
    return kind != "double" or text != "NaN"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_expressions_are_those_of_pgbench(dsn: str, tmp_path: Path, seed: int) -> None:
    """Whatever can be computed gives the same value of the same kind."""
    chance = Random(seed)  # noqa: S311 - expressions, no secrets
    computable = [one for one in (_expression(chance) for _ in range(300)) if _computable(one)]
    twin, ours, asked = _Twin(), [], []
    for expression in computable:
        try:
            ours.append(twin.value(expression))
        except ScriptError:  # it draws, and now the draw has another value: it is not asked of pgbench
            break
        asked.append(expression)
    theirs = values_of(asked, dsn, tmp_path)
    assert dict(zip(asked, ours, strict=True)) == dict(zip(asked, theirs, strict=True))


def test_random_functions_draw_what_pgbench_draws(dsn: str, tmp_path: Path) -> None:
    """From the same seed come the same numbers, of every distribution."""
    expressions = [
        "random(1, 10)", "random(1, 100000 * :scale)", "random(-5000, 5000)", "random(5, 5)",
        "random(0, 9223372036854775806)", "random_gaussian(1, 1000, 2.0)", "random_gaussian(-10, 10, 5.5)",
        "random_exponential(1, 1000, 0.1)", "random_exponential(1, 20, 12)", "random_zipfian(1, 1000, 1.001)",
        "random_zipfian(1, 1000000, 1.5)", "random_zipfian(1, 10, 20)", "random_zipfian(3, 3, 2)",
        "permute(random(1, 1000), 1000)", "hash(random(1, 5))",
    ] * 40  # fmt: skip
    twin = _Twin()
    assert [twin.value(one) for one in expressions] == values_of(expressions, dsn, tmp_path)


@pytest.mark.parametrize(
    "expression",
    [
        "1 / 0", "5 % 0", "9223372036854775807 + 1", "- 9223372036854775808 - 1", "9223372036854775807 * 2",
        "(-9223372036854775808) / -1", "true + 1", "1 and 2", "not 1", "int(1e300)", "random(5, 1)",
        "random(-9223372036854775808, 9223372036854775807)", "random_gaussian(1, 10, 1.9)",
        "random_exponential(1, 10, 0)", "random_zipfian(1, 10, 1.0)", "permute(1, 0)", ":nothing + 1", "true = true",
    ],
)  # fmt: skip
def test_what_pgbench_cannot_compute_is_an_error(dsn: str, tmp_path: Path, expression: str) -> None:
    """Neither of the two makes a value of it."""
    assert refuses(expression, dsn, tmp_path)
    with pytest.raises(ScriptError):
        _Twin().value(expression)

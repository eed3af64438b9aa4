"""The arguments of attempts of a script whose values depend on no answer: made before the attempt is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.errors import UsageError
from perfengine.model.pgbench import Set
from perfengine.pgbench.bulk import bulk_arguments, bulk_plan
from perfengine.pgbench.constants import variables_at_start
from perfengine.pgbench.evaluate import computing
from perfengine.pgbench.prng import Prng, seed_of
from perfengine.pgbench.values import ScriptError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from perfengine.model.pgbench import PgbenchScript, Value
    from perfengine.pgbench.evaluate import Compute

Arguments = tuple[Any, ...]


def script_arguments(
    script: PgbenchScript, stream: str, seed: int, numbers: Sequence[int]
) -> list[Arguments]:
    r"""Return the arguments of the attempts with these numbers; `stream` is the operation's full id.

    What an attempt draws follows from the seed, the stream and its number. Raises: UsageError with the place of a
    \set that has no value.
    """
    start = variables_at_start(script, seed)
    plan = bulk_plan(script, _fixed(script, start))
    if plan is not None:
        return bulk_arguments(plan, start, seed_of(seed, stream), numbers)
    make = argument_maker(script, stream, seed)
    return [make(number) for number in numbers]


def argument_maker(script: PgbenchScript, stream: str, seed: int) -> Callable[[int], Arguments]:
    """Return what makes the arguments of an attempt from its number. Raises, when called: as `script_arguments`."""
    start = variables_at_start(script, seed)
    fixed = _fixed(script, start)
    program: list[tuple[str, Compute | None, str]] = [
        (one.name, computing(one.expression, fixed), one.place)
        if isinstance(one, Set)
        else (one.name, None, "")
        for one in script.arguments
    ]
    random_of = randoms(stream, seed)

    def make(number: int) -> Arguments:
        random, variables, taken = random_of(number), dict(start), []
        for name, compute, place in program:
            if compute is None:
                taken.append(variables[name])
                continue
            try:
                variables[name] = compute(variables, random)
            except ScriptError as error:
                raise UsageError(f"{place}: \\set {name}: {error}") from error
        return tuple(taken)

    return make


def _fixed(script: PgbenchScript, start: Mapping[str, Value]) -> dict[str, Value]:
    """Return the variables that a script never sets."""
    changed = {one.name for one in script.arguments if isinstance(one, Set)}
    return {name: value for name, value in start.items() if name not in changed}


def randoms(stream: str, seed: int) -> Callable[[int], Prng]:
    """Return what gives the random numbers of an attempt by its number: those of every try of it."""
    # The seeds of attempts follow each other: a generator's own seeding mixes them well.
    first = seed_of(seed, stream)
    return lambda number: Prng(first + number)

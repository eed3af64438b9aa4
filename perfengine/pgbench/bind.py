"""Scripts on a session: what each of their steps calls, and with which values.

A client of pgbench keeps its variables from one script to the next; here it is the session that stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from perfengine.errors import InternalError
from perfengine.model.operation import ScriptValue
from perfengine.model.transaction import PauseStep
from perfengine.pgbench.constants import CLIENT_ID, variables_at_start
from perfengine.pgbench.follow import followed
from perfengine.pgbench.prepare import prepared
from perfengine.pgbench.reading_types import INTEGERS
from perfengine.pgbench.settle import controls_transaction
from perfengine.pgbench.values import ScriptError
from perfengine.ports.scripts import ScriptStep, all_arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from perfengine.model.operation import Operation, Parameter
    from perfengine.model.pgbench import PgbenchScript, Value
    from perfengine.model.transaction import StatementStep
    from perfengine.pgbench.reading_types import Reader
    from perfengine.ports.scripts import Sleep
    from perfengine.ports.target import Session

    Values = tuple[Any, ...]


@dataclass(slots=True)
class _Client:
    """What a client of pgbench is to its scripts."""

    driver: Any
    variables: dict[str, Value]


class BoundScripts:
    """Where a load process gets its scripts from: client `first`, `first + step`, ... are its own."""

    def __init__(self, seed: int, *, first: int = 0, step: int = 1) -> None:
        self._seed = seed
        self._first, self._step = first, step
        self._clients: list[_Client] = []
        self._by_driver: dict[int, _Client] = {}

    async def steps(self, operation: Operation, session: Session, sleep_ns: Sleep) -> tuple[ScriptStep, ...]:
        """Return the steps of a script on a session, with its statements prepared.

        Raises: UsageError for a column that no variable can keep; whatever preparing raises.
        """
        script = operation.pgbench
        if script is None or script.statements is None:
            raise InternalError(f"{operation.full_id} was not written as a script")
        if script.commands:
            client = self._client(session, script)
            call = await followed(operation, session, sleep_ns, self._seed, client.variables)
            steps = [ScriptStep(call=call, values=all_arguments)]
        else:
            steps = [
                _pause(step, sleep_ns)
                if isinstance(step, PauseStep)
                else await _step(step, operation, session)
                for step in script.statements.steps
            ]
        if controls_transaction(script):
            steps.append(ScriptStep(call=_ended(session), values=_none))
        return tuple(steps)

    def _client(self, session: Session, script: PgbenchScript) -> _Client:
        """Return the client of a session: its own, or that of a session which is gone, or a new one."""
        driver = session.driver
        known = self._by_driver.get(id(driver))
        if known is not None and known.driver is driver:
            return known
        gone = next((one for one in self._clients if one.driver.is_closed()), None)
        if gone is not None:
            self._by_driver.pop(id(gone.driver), None)
            gone.driver, self._by_driver[id(driver)] = driver, gone
            return gone
        number = self._first + len(self._clients) * self._step
        client = _Client(driver, {CLIENT_ID: number, **variables_at_start(script, self._seed)})
        self._clients.append(client)
        self._by_driver[id(driver)] = client
        return client


def _none(_: Values) -> Values:
    return ()


def _pause(step: PauseStep, sleep_ns: Sleep) -> ScriptStep:
    length_ns = step.think.mean_ns
    return ScriptStep(call=lambda: sleep_ns(length_ns), values=_none)


def _ended(session: Session) -> Callable[[], Coroutine[Any, Any, None]]:
    async def ended() -> None:
        if session.in_transaction():
            raise ScriptError("the script ends inside a transaction: it wants an END")

    return ended


async def _step(step: StatementStep, operation: Operation, session: Session) -> ScriptStep:
    places = [binding.position for binding in step.bindings]  # type: ignore[union-attr]
    statement, readers = await prepared(session, step.sql)
    values = _values(places, readers, operation.parameters)
    return ScriptStep(call=statement.fetch, values=values)


def _values(
    places: Sequence[int], readers: Sequence[tuple[str, Reader]], parameters: Sequence[Parameter]
) -> Callable[[Values], Values]:
    """Return what picks the values of a statement; integers that the server wants as such go as they are."""
    if all(
        type_name in INTEGERS and _is_integer(parameters[place])
        for place, (type_name, _) in zip(places, readers, strict=True)
    ):
        return all_arguments if list(places) == list(range(len(parameters))) else _choice(places)
    pairs = [(place, reader) for place, (_, reader) in zip(places, readers, strict=True)]
    return lambda arguments: tuple([reader(arguments[place]) for place, reader in pairs])


def _is_integer(parameter: Parameter) -> bool:
    return isinstance(parameter, ScriptValue) and parameter.is_integer


def _choice(places: Sequence[int]) -> Callable[[Values], Values]:
    if len(places) > 1:
        return itemgetter(*places)
    first = places[0] if places else 0
    return itemgetter(slice(first, first + len(places)))  # of one place alone it would give no tuple

"""Operations on a session: found by file and name, or among the callables of this process."""

from __future__ import annotations

import inspect
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from perfengine.custom.callables import attempt_method
from perfengine.custom.client import Client
from perfengine.custom.code import Code, code_of_file
from perfengine.custom.faults import in_users_words
from perfengine.errors import InternalError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from perfengine.custom.code import Attempt
    from perfengine.custom.draw import Draw, DrawOf
    from perfengine.model.operation import Operation
    from perfengine.ports.python_operations import BoundOperation


class Bound:
    """An operation on one session; a class of the user's is made once for it.

    The call hands the attempt's own coroutine through. `asides` are the values of the steps around the attempts, for
    each step its own.
    """

    __slots__ = ("_asides", "_attempt", "_client", "_driver", "_set_up", "_tear_down")

    def __init__(self, target: Any, client: Client, driver: Any, asides: Iterator[Draw]) -> None:  # noqa: ANN401 - theirs
        self._client = client
        self._driver = driver
        self._asides = asides
        self._attempt: Attempt = target
        self._set_up: Attempt | None = None
        self._tear_down: Attempt | None = None
        if inspect.isclass(target):
            with in_users_words(f"{target.__name__}()", target):
                made = target()
            self._attempt = getattr(made, attempt_method(target) or "__call__")
            self._set_up = getattr(made, "set_up", None)
            self._tear_down = getattr(made, "tear_down", None)

    def __call__(self, number: int) -> Coroutine[Any, Any, None]:
        """Make the attempt of that number."""
        self._client.begin(number)
        return self._attempt(self._client)

    async def set_up(self) -> None:
        """Run the set-up of a class. Raises: UsageError with the user's own line."""
        await self._aside("set_up", self._set_up)

    async def tear_down(self) -> None:
        """Run the tear-down of a class. Raises: UsageError with the user's own line."""
        await self._aside("tear_down", self._tear_down)

    async def _aside(self, what: str, step: Attempt | None) -> None:
        if step is None:
            return
        self._client.begin(0, next(self._asides))
        with in_users_words(what, step, self._driver):
            await step(self._client)


class FoundOperations:
    """Where a load loop gets its Python operations from."""

    def __init__(
        self,
        draw_of: Callable[[str], DrawOf],
        *,
        in_process: Code | None = None,
        prepare: bool = True,
        process: int = 0,
    ) -> None:
        """`draw_of` gives the values of a stream, by the operation's name; `in_process` is what has no file.

        `process` is the number of this load process: no other has set-ups and tear-downs of the same values.
        """
        self._draw_of = cache(draw_of)  # what the draws of a stream share is made once, not for each session
        self._process = process
        self._asides: dict[str, Iterator[Draw]] = {}  #: by operation, shared by its sessions
        self._prepare = prepare
        self._code: dict[str, Code] = {"": in_process} if in_process else {}

    def bind(self, operation: Operation, driver: Any) -> BoundOperation:  # noqa: ANN401 - the driver's connection
        """Return the operation bound to a session's driver connection.

        Raises: UsageError for a file that changed since the plan was made, or a class that cannot be made.
        """
        call = operation.python
        if call is None:
            raise InternalError(f"{operation.full_id} is not written in Python")
        if call.path not in self._code:
            self._code[call.path] = code_of_file(call.path)
        found = self._code[call.path].operations.get(call.name)
        if found is None:
            raise UsageError(f'{call.path or "this process"} has no operation "{call.name}" any more')
        client = Client(driver, self._draw_of(operation.name), prepare=self._prepare)
        return Bound(found.target, client, driver, self._asides_of(operation.name))

    def _asides_of(self, name: str) -> Iterator[Draw]:
        if name not in self._asides:
            self._asides[name] = map(self._draw_of(f"{name}/aside/{self._process}"), count())
        return self._asides[name]

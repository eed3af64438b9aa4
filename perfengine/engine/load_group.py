"""The load processes of a run, spoken to as one: all are asked at once, and one that is lost stops the others."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

import anyio

from perfengine.engine.load_process import load_process
from perfengine.engine.messages import Question, Trouble
from perfengine.engine.shift import Shift
from perfengine.engine.worker import answer
from perfengine.errors import InternalError, PerfengineError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from perfengine.custom.code import Code
    from perfengine.engine.messages import Introduction
    from perfengine.model.measurement import Interval

    Watch = Callable[[Interval], None]

Answer = TypeVar("Answer")


class Load(Protocol):
    """One that carries a shard of the load: a process of its own, or the caller's."""

    async def introduce(self, introduction: Introduction) -> None:
        """Tell what holds for the whole run."""

    async def ask(self, question: object, answer_type: type[Answer], watch: Watch) -> Answer:
        """Return the answer to a message; intervals on the way go to `watch`. Raises: TargetError, InternalError."""

    async def stop(self) -> None:
        """Ask for no more work; the current question is answered as usual."""

    async def end(self) -> None:
        """Let it close its connections and go."""


class LocalLoad:
    """The load in this very process: for operations that are callables of the caller's."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._shift: Shift | None = None
        self._watch: Watch = lambda _: None

    async def introduce(self, introduction: Introduction) -> None:
        """Tell what holds for the whole run."""
        self._shift = Shift(introduction, self._tell, self._code)

    def _tell(self, message: object) -> None:
        self._watch(message)  # type: ignore[arg-type]  # a shift tells intervals only

    async def ask(self, question: object, answer_type: type[Answer], watch: Watch) -> Answer:
        """Return the answer to a message; intervals on the way go to `watch`. Raises: TargetError, InternalError."""
        if self._shift is None:
            raise InternalError("a load is introduced before it is asked")
        self._watch = watch
        if not isinstance(question, Question):
            raise InternalError(f"a load answers no {type(question).__name__}")
        reply = await answer(self._shift, question)
        if isinstance(reply, Trouble):
            raise reply.as_exception()
        if not isinstance(reply, answer_type):
            raise InternalError(f"{type(reply).__name__} answers another question")
        return reply

    async def stop(self) -> None:
        """Ask for no more work."""
        if self._shift is not None:
            self._shift.stop()

    async def end(self) -> None:
        """Close its connections."""
        if self._shift is not None:
            shift, self._shift = self._shift, None
            await shift.end()


class LoadGroup:
    """All loads of a run."""

    def __init__(self, loads: Sequence[Load]) -> None:
        self._loads = loads

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._loads)

    async def introduce(self, introduction: Introduction) -> None:
        """Tell each what holds for the whole run, and which of them it is."""
        for index, load in enumerate(self._loads):
            await load.introduce(replace(introduction, index=index))

    async def ask(
        self, question: object, answer_type: type[Answer], watch: Watch, *, first: int
    ) -> list[Answer]:
        """Ask the first so many at the same time and return their answers; intervals on the way go to `watch`.

        Raises: TargetError when the database is to blame, InternalError when a load process is; the others have then
        been stopped, and have told what they measured.
        """
        answers: list[Answer] = []
        failures: list[PerfengineError] = []

        async def ask_one(load: Load) -> None:
            try:
                answers.append(await load.ask(question, answer_type, watch))
            except PerfengineError as error:
                failures.append(error)
                await self.stop()

        async with anyio.create_task_group() as asking:
            for load in self._loads[:first]:
                asking.start_soon(ask_one, load)
        if failures:
            raise failures[0]
        return answers

    async def stop(self) -> None:
        """Ask all for no more work."""
        for load in self._loads:
            await load.stop()

    async def end(self) -> None:
        """Let all close their connections and go."""
        async with anyio.create_task_group() as ending:
            for load in self._loads:
                ending.start_soon(load.end)


@asynccontextmanager
async def load_group(count: int, code: Code | None = None) -> AsyncIterator[LoadGroup]:
    """Start `count` load processes for the block, or with `code` the load in this process; end them after it."""
    if code is not None:
        group = LoadGroup([LocalLoad(code)])
        try:
            yield group
        finally:
            with anyio.CancelScope(shield=True):
                await group.end()
        return
    async with AsyncExitStack() as stack:
        yield LoadGroup([await stack.enter_async_context(load_process()) for _ in range(count)])

"""The event loop of every process of ours: uvloop where there is one."""

from __future__ import annotations

import asyncio
import importlib.util
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import anyio

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Answer = TypeVar("Answer")


def has_uvloop() -> bool:
    """Return whether uvloop is installed: it has no build for Windows."""
    return importlib.util.find_spec("uvloop") is not None


def run_async(main: Callable[..., Awaitable[Answer]], *arguments: Any) -> Answer:  # noqa: ANN401 - passed through
    """Run `main` to its end on a new event loop and return its answer."""
    return anyio.run(main, *arguments, backend="asyncio", backend_options={"use_uvloop": has_uvloop()})


def run_async_anywhere(main: Callable[..., Awaitable[Answer]], *arguments: Any) -> Answer:  # noqa: ANN401 - passed through
    """Run `main` as `run_async` does, also where a loop runs already: in a thread of its own, and that loop waits."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return run_async(main, *arguments)
    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(run_async, main, *arguments).result()

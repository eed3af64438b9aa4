"""What runs once before and after the load, over the run's own session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.custom.client import Client
from perfengine.custom.faults import in_users_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfengine.custom.code import Attempt, Code
    from perfengine.custom.draw import DrawOf


async def run_setups(code: Code, driver: Any, draw_of: Callable[[str], DrawOf]) -> None:  # noqa: ANN401 - the driver's
    """Run what is marked `@perfengine.setup`, in the order of definition.

    Raises: UsageError with the user's own line; whatever the driver raises when the connection is gone.
    """
    await _run(code.setups, driver, draw_of("setup"))


async def run_teardowns(code: Code, driver: Any, draw_of: Callable[[str], DrawOf]) -> None:  # noqa: ANN401
    """Run what is marked `@perfengine.teardown`, in the order of definition.

    Raises: as `run_setups`; what comes after it is not run then.
    """
    await _run(code.teardowns, driver, draw_of("teardown"))


async def _run(hooks: Sequence[Attempt], driver: Any, draw_of: DrawOf) -> None:  # noqa: ANN401
    for number, hook in enumerate(hooks):
        client = Client(driver, draw_of, prepare=False)
        client.begin(number)
        with in_users_words(hook.__name__, hook, driver):
            await hook(client)

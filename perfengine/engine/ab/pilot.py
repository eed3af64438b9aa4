"""The pilot of a unit: what each arm shows in a second or a few, which says how long slices must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.comparison.figures import merge_samples
from perfengine.engine.ab.samples import whole_of
from perfengine.errors import TargetError
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.engine.ab.arm import Arm
    from perfengine.engine.interrupt import Interrupt
    from perfengine.model.comparison import OperationSample

_WINDOWS_NS: Final = (NS_PER_S, 5 * NS_PER_S, 30 * NS_PER_S)
#: Ok attempts that a pilot must show of each arm, or a longer one follows.
_ENOUGH: Final = 30


async def pilot(
    name: str, arms: tuple[Arm, Arm], interrupt: Interrupt
) -> tuple[OperationSample, OperationSample] | None:
    """Return what each arm shows in a second, or in more when that is a handful; None after a signal.

    Raises: TargetError for an arm in which nothing is ok.
    """
    found: list[OperationSample] = []
    for arm in arms:
        shown = await _shown(name, arm, interrupt)
        if shown is None:
            return None
        found.append(shown)
    return found[0], found[1]


async def _shown(name: str, arm: Arm, interrupt: Interrupt) -> OperationSample | None:
    samples: list[OperationSample] = []
    failures: tuple[str, ...] = ()
    for number, window_ns in enumerate(_WINDOWS_NS):
        slice_ = await arm.measure(number, window_ns=window_ns, lead_ns=0)
        if interrupt.requested:
            return None
        samples.append(whole_of(name, slice_.samples))
        failures = slice_.failures
        if failures or sum(sample.ok for sample in samples) >= _ENOUGH:
            break
    found = merge_samples(samples)
    if not found.ok:
        why = f": {failures[0]}" if failures else ""
        raise TargetError(f"{name}: no attempt of arm {arm.letter} was ok{why}")
    return found

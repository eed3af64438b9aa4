"""Think times as written to a `ThinkTime`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.load import Spread, ThinkTime

if TYPE_CHECKING:
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.load_parts import ThinkPart


def build_think(part: ThinkPart, mistakes: Mistakes) -> ThinkTime | None:
    """Return the think time; None when it is wrong, and the mistake noted."""
    has_range = part.min is not None or part.max is not None
    spread = Spread(part.dist) if part.dist else Spread.UNIFORM if has_range else Spread.CONSTANT
    if spread is Spread.UNIFORM:
        return _uniform(part, mistakes)
    for key in ("min", "max"):
        if getattr(part, key) is not None:
            mistakes.add(part.place(key), f"{key}: belongs to dist: uniform, not to {spread}")
    if part.mean is None:
        _note_lack(part, "mean", spread, mistakes)
        return None
    return ThinkTime(spread=spread, mean_ns=part.mean)


def _uniform(part: ThinkPart, mistakes: Mistakes) -> ThinkTime | None:
    if part.mean is not None and part.min is None and part.max is None:
        return ThinkTime(spread=Spread.UNIFORM, mean_ns=part.mean, high_ns=2 * part.mean)
    if part.mean is not None:
        mistakes.add(part.place("mean"), "mean: min and max say it: keep them or the mean")
    if part.max is None:
        _note_lack(part, "max", Spread.UNIFORM, mistakes)
        return None
    low = part.min or 0
    if low > part.max:
        mistakes.add(part.place("max"), "max: is below min")
    return ThinkTime(spread=Spread.UNIFORM, mean_ns=(low + part.max) // 2, low_ns=low, high_ns=part.max)


def _note_lack(part: ThinkPart, key: str, spread: Spread, mistakes: Mistakes) -> None:
    if part.node.origin and key not in part.node.origin:
        mistakes.add(part.node.position, f'a think time that is {spread} needs "{key}", such as {key}: 50ms')

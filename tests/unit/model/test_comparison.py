"""Rules and effects of comparisons."""

from __future__ import annotations

from math import inf, log

import pytest

from perfengine.model.comparison import CompareRule, Effect, ResultSample


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"confidence": 1.0}, "confidence lies between 0.5 and 1, got 1.0"),
        ({"practical": -0.1}, "is not negative"),
        ({"pairs_least": 3}, "4 or more at first"),
        ({"pairs_most": 9}, "as many or more at most"),
        ({"pairs_step": 0}, "one or more at a time"),
    ],
)
def test_rules_that_cannot_be(wrong: dict[str, float], message: str) -> None:
    """A rule that asks for nonsense says what it may ask for."""
    with pytest.raises(ValueError, match=message):
        CompareRule(**wrong)  # type: ignore[arg-type]


def test_effect_of_a_ratio() -> None:
    """A log ratio is shown as the change of A that it is."""
    effect = Effect(shift=log(1.1), lower=log(1.05), upper=log(1.2))
    found = (effect.change, effect.change_lower, effect.change_upper)
    assert found == pytest.approx((0.1, 0.05, 0.2))
    assert effect.half_width == pytest.approx(log(1.2) - log(1.1))
    assert effect.excludes_zero
    assert effect.is_within(log(1.2))
    assert not effect.is_within(log(1.19))


def test_a_ratio_that_no_float_holds() -> None:
    """A baseline with a mean of next to nothing ended a comparison with a traceback."""
    effect = Effect(shift=720.0, lower=-inf, upper=inf)
    assert (effect.change_lower, effect.change, effect.change_upper) == (-1.0, inf, inf)


def test_effect_of_a_difference() -> None:
    """A difference of shares is what it is."""
    effect = Effect(shift=-0.02, lower=-0.05, upper=0.01, is_ratio=False)
    assert (effect.change, effect.change_lower, effect.change_upper) == (-0.02, -0.05, 0.01)
    assert not effect.excludes_zero


def test_an_operation_that_was_not_measured() -> None:
    """A run has no sample of what it did not measure."""
    assert ResultSample(label="a.json", operations=()).operation("buy") is None

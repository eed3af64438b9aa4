"""How many examples of Hypothesis a property needs, where forty say no more than fewer."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

#: Each example is dozens of cases by itself: streams of attempts, whole histograms, documents.
few_examples: Final = settings(max_examples=20)
#: The test runs on two event loops, with examples of its own on each.
examples_a_loop: Final = settings(max_examples=20)

"""Markdown for pull requests: whole files, what comes first, and that texts from outside are inert on GitHub."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from perfengine.model.requirement import Metric
from perfengine.report.markdown import MOST_CHARACTERS, render_markdown
from perfengine.report.markdown_text import code, code_cell, sentence
from tests.builders import make_operation, make_requirement, make_result, make_summary
from tests.load_results import make_mix_run, make_open_run
from tests.results import (
    MS,
    make_guide_run,
    make_interrupted_run,
    make_judged,
    make_saturated_run,
    make_troubled_run,
    make_two_entities_run,
)
from tests.stability_results import make_promised_run, make_repeated_run
from tests.unit.report.hostile import HOSTILE, make_hostile_run

if TYPE_CHECKING:
    from tests.conftest import Golden

RUNS: Final = {
    "guide": make_guide_run,
    "troubled": make_troubled_run,
    "saturated": make_saturated_run,
    "interrupted": make_interrupted_run,
    "two_entities": make_two_entities_run,
    "open": make_open_run,
    "mix": make_mix_run,
    "promised": make_promised_run,
    "repeated": make_repeated_run,
}
#: CommonMark with what GitHub adds to it and could mark something up.
GITHUB: Final = MarkdownIt("commonmark").enable(["table", "strikethrough"])
#: Outside code GitHub makes these into links, mentions and pictures after it has rendered the rest.
REFERENCES: Final = re.compile(r"@\w|#\d|\bGH-\d|https?://|ftp://|www\.|\w@\w|:\w+:", re.IGNORECASE)


def tags(text: str) -> list[str]:
    """Return the tags of rendered markdown, in order, attributes included."""
    return re.findall(r"<[^>]+>", GITHUB.render(text))


def outside_code(text: str) -> str:
    """Return what a reader sees that is not code: where GitHub looks for references."""
    rendered = re.sub(r"<code>.*?</code>", "", GITHUB.render(text), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", rendered))


@pytest.mark.parametrize("name", RUNS)
def test_golden(name: str, golden: Golden) -> None:
    """Whole comments, for the eye."""
    golden(f"report/{name}.md", render_markdown(RUNS[name]()))


def test_the_verdict_comes_first() -> None:
    """Then what became of the limits, the worst before the others."""
    lines = render_markdown(make_troubled_run()).splitlines()
    assert lines[0] == "## ❌ perfengine: RUN FAILED"
    assert lines[2] == "16 limits: 4 held, 4 violated, 8 unproven."
    signs = [line[2] for line in lines if line[:3] in {"| ❌", "| ❔", "| ✅"}]
    assert signs == ["❌"] * 4 + ["❔"] * 8 + ["✅"] * 4


def test_sections_without_anything_are_left_out() -> None:
    """A run without limits has no table of limits."""
    text = render_markdown(make_two_entities_run())
    assert "### Limits" not in text
    assert "nothing was asked." in text
    assert "### Operations" not in render_markdown(make_result())


def test_tables_are_tables() -> None:
    """Each row has the cells of its head."""
    rendered = GITHUB.render(render_markdown(make_troubled_run()))
    rows = [len(re.findall(r"<t[dh][ >]", row)) for row in rendered.split("<tr>")[1:]]
    assert rows == [6] * (1 + 16) + [8] * (1 + 4) + [6] * (1 + 4) + [2] * (1 + 15)
    assert rendered.count("<table>") == 4
    assert rendered.count("<details>") == rendered.count("</details>") == 1


@pytest.mark.parametrize(("name", "rows"), [("promised", 4), ("repeated", 3)])
def test_budgets_and_stability_are_tables(name: str, rows: int) -> None:
    """A row a budget, and a row an operation that was repeated."""
    rendered = GITHUB.render(render_markdown(RUNS[name]()))
    cells = [len(re.findall(r"<t[dh][ >]", row)) for row in rendered.split("<tr>")[1:]]
    assert cells.count(8) == 1 + rows
    headings = {"promised": "Budgets of this run (not uptime)", "repeated": "Stability (decides no verdict)"}
    assert [heading in rendered for heading in headings.values()] == [one == name for one in headings]


def test_budgets_that_do_not_fit_are_counted() -> None:
    """As limits are, and operations that were repeated."""
    promised, repeated = make_promised_run(), make_repeated_run()
    text = render_markdown(replace(promised, budgets=promised.budgets * 30))
    assert "20 more budgets are in the result's JSON." in text
    text = render_markdown(replace(repeated, stability=repeated.stability * 40))
    assert "20 more operations are in the result's JSON." in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_inert(text: str) -> None:
    """They add no markup, whatever they are, and nothing that GitHub would link."""
    calm, hostile = render_markdown(make_hostile_run("calm")), render_markdown(make_hostile_run(text))
    assert tags(hostile) == tags(calm)
    assert REFERENCES.findall(outside_code(hostile)) == []


@given(st.text(alphabet="`|\\<>@#:*_[]()!~$&;/.w1aGH- \n\ud800é"))
def test_any_text_is_inert(text: str) -> None:
    """In a table and outside, as a name and in a sentence."""
    table = (
        f"| a | b |\n|---|---|\n| {code_cell(text)} | {sentence(text)} |\n\nx {code(text)} {sentence(text)}\n"
    )
    named = "<code>" in GITHUB.render(f"x {code(text)}")
    calm = (
        "| a | b |\n|---|---|\n| `x` | x |\n\nx `x` x\n"
        if named
        else "| a | b |\n|---|---|\n| x | x |\n\nx\n"
    )
    assert tags(table) == tags(calm)
    assert REFERENCES.findall(outside_code(table)) == []


@given(st.text(alphabet="`|a b", min_size=1).filter(str.strip))
def test_a_name_is_shown_as_it_is(text: str) -> None:
    """Backticks and pipes included."""
    name = " ".join(text.split())
    rendered = GITHUB.render(f"| a |\n|---|\n| {code_cell(text)} |\n")
    assert f"<td><code>{name}</code></td>" in rendered


def test_a_sentence_reads_well() -> None:
    """What means nothing to GitHub is left alone."""
    text = "too few samples: needs 299 samples, has 60 (order_status_query, 4.5%)"
    assert sentence(text) == text


def test_a_large_result_fits_in_a_comment() -> None:
    """Rows that do not fit are counted; violated limits are among those that stay."""
    names = [f"operation_{number}_{'x' * 50}" for number in range(700)]
    operations = [make_summary([MS] * 10, operation=make_operation(name)) for name in names[:20]]
    limits = [make_requirement(Metric.MEAN, 2 * MS, subject="single_order_confirm")] * 699
    result = make_judged([make_summary([MS] * 10), *operations], limits)
    worst = replace(make_troubled_run().judgements[5], operation=names[-1])
    text = render_markdown(replace(result, judgements=(*result.judgements, worst)))
    assert len(text) <= MOST_CHARACTERS
    assert names[-1] in text
    assert "600 more limits are in the result's JSON." in text


def test_whatever_is_too_long_is_cut_between_lines() -> None:
    """A comment that is refused would say nothing at all."""
    result = make_result(notes=("@" * 500,) * 20)
    judgement = replace(make_troubled_run().judgements[5], detail="#" * 500)
    text = render_markdown(replace(result, judgements=(judgement,) * 100))
    assert len(text) <= MOST_CHARACTERS
    assert text.endswith("|\n\nThe rest does not fit: see the result's JSON.\n")

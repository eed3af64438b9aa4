"""What was run: the scenario, the target, the load, the machine."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from perfengine.report.html.formats import NOTHING, duration, whole, with_unit
from perfengine.report.html.read import count, entries, mapping, number, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.report.html.read import Entry

    Facts = tuple[tuple[str, str], ...]

#: A result never has one; a document that somebody wrote by hand might.
_PASSWORD: Final = re.compile(r"(://[^:/@\s]*):[^@/\s]*@|(password=)[^\s&]+", re.IGNORECASE)


def facts_of(document: Entry) -> dict[str, Facts]:
    """Return names and values, by heading."""
    environment = mapping(document.get("environment"))
    settings = mapping(environment.get("server_settings"))
    found = {
        "Run": tuple(_run(document)),
        "Scenario": tuple(_scenario(document)),
        "Load": tuple(_load(document)),
        "Environment": tuple(_environment(environment)),
        "Server settings": tuple((str(name), str(value)) for name, value in settings.items()),
    }
    return {heading: facts for heading, facts in found.items() if facts}


def without_password(address: str) -> str:
    """Return an address without what might be a password."""
    return _PASSWORD.sub(
        lambda found: f"{found[1]}:***@" if found[1] is not None else f"{found[2]}***", address
    )


def lasted_s(document: Entry) -> float | None:
    """Return how long the run took, None where it does not say."""
    try:
        begin, end = (datetime.fromisoformat(str(document.get(key))) for key in ("started", "finished"))
        return (end - begin).total_seconds()
    except (ValueError, TypeError):
        return None


def _run(document: Entry) -> Iterator[tuple[str, str]]:
    yield "run", text(document.get("run_id")) or NOTHING
    yield "started", text(document.get("started")) or text(document.get("timestamp")) or NOTHING
    yield "finished", text(document.get("finished")) or NOTHING
    yield "took", duration(lasted_s(document))
    yield "ended", text(document.get("ended")) or NOTHING
    if document.get("incomplete"):
        yield "incomplete", text(document.get("incomplete"))


def _scenario(document: Entry) -> Iterator[tuple[str, str]]:
    yield "documents", ", ".join(texts(document.get("paths"))) or NOTHING
    yield "SHA-256", text(document.get("scenario_sha256")) or NOTHING
    yield "entities", ", ".join(texts(document.get("entities"))) or NOTHING
    yield "seed", str(document.get("seed", NOTHING))
    rows = mapping(document.get("data_rows"))
    sizes = ", ".join(f"{table} {whole(count(number_))}" for table, number_ in rows.items())
    yield "data set", f"{text(document.get('data_set')) or NOTHING}{f': {sizes} rows' if sizes else ''}"


def _load(document: Entry) -> Iterator[tuple[str, str]]:
    yield "mode", text(document.get("mode")) or NOTHING
    processes = count(document.get("processes"))
    yield "load processes", "the caller's own" if document.get("in_process") else whole(processes)
    stability = mapping(document.get("stability"))
    if count(stability.get("repeats")) > 1:
        yield "repeats", whole(count(stability.get("repeats")))
    ceiling = mapping(document.get("ceiling"))
    if ceiling:
        used = number(ceiling.get("share"))
        share = "" if used is None else f", {with_unit(used, 'fraction')} of it used"
        yield "ceiling of a load process", f"{with_unit(number(ceiling.get('rate')), '1/s')}{share}"


def _environment(environment: Entry) -> Iterator[tuple[str, str]]:
    if not environment:
        return
    target = without_password(text(environment.get("target"))) or NOTHING
    is_told = environment.get("embedded") is not True or "embedded" in target
    yield "target", target if is_told else f"{target} (embedded)"
    yield "server", f"PostgreSQL {environment.get('server_version', NOTHING)}"
    yield "system", str(environment.get("system", NOTHING))
    yield "processors", str(environment.get("cpus", NOTHING))
    yield "perfengine", str(environment.get("perfengine", NOTHING))
    yield "Python", f"{environment.get('python', NOTHING)}, {environment.get('event_loop', NOTHING)}"
    libraries = mapping(environment.get("libraries"))
    if libraries:
        yield "libraries", ", ".join(f"{name} {version}" for name, version in libraries.items())


def load_words(entry: Entry) -> str:
    """Return the load of an operation in a line."""
    load = mapping(entry.get("load"))
    stages = entries(load.get("stages"))
    shape = f", {len(stages)} stages" if stages else ""
    clients = count(load.get("clients")) or count(entry.get("concurrency"))
    connections = f"{whole(clients)} clients on {whole(count(entry.get('connections')))} connections"
    if load.get("model") == "open":
        rate = number(load.get("rate"))
        asked = "" if rate is None else f" at {with_unit(rate, '1/s')}"
        return f"open load{asked}{shape}, {connections}"
    return f"closed load{shape}, {connections}"

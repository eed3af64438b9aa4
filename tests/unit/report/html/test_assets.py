"""What others wrote is what they wrote; what the page needs is in the wheel."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files


def test_vendored_files_are_unchanged() -> None:
    """To the letter."""
    assets = files("perfengine.report.html").joinpath("assets")
    vendored = tomllib.loads(assets.joinpath("VENDORED.toml").read_text())
    assert vendored
    for library in vendored.values():
        assert library["version"]
        for name, expected in library["sha256"].items():
            assert hashlib.sha256(assets.joinpath(name).read_bytes()).hexdigest() == expected


def test_the_names_of_colours_are_in_both_schemes() -> None:
    """A line that is drawn in the light is drawn in the dark."""
    style = files("perfengine.report.html").joinpath("assets", "report.css").read_text()
    light, dark = style.split("@media (prefers-color-scheme: dark)")[:2]
    names = {word.split(":")[0].strip() for word in light.split("{")[1].split(";") if "--" in word}
    assert names == {
        word.split(":")[0].strip() for word in dark.split("}")[0].split("{")[-1].split(";") if "--" in word
    }

"""How options are written where they are given, for messages: on a command line, or as arguments of a call."""

from __future__ import annotations

from enum import Enum


class OptionStyle(Enum):
    """Who is spoken to."""

    COMMAND_LINE = "command line"
    ARGUMENTS = "arguments"

    def option(self, name: str) -> str:
        """Return an option by its name as an argument: `--read-only`, or `read_only`."""
        return f"--{name.replace('_', '-')}" if self is OptionStyle.COMMAND_LINE else name

    def setting(self, name: str, value: str) -> str:
        """Return an option with a word for its value: `--target existing`, or `target="existing"`."""
        if self is OptionStyle.COMMAND_LINE:
            return f"{self.option(name)} {value}"
        return f'{name}="{value}"'

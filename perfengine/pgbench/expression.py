r"""The expressions of `\set`, `\if` and `\elif`: operators by their precedence, calls, CASE.

Source: PostgreSQL, src/bin/pgbench/exprparse.y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.pgbench import Call, Literal, Variable
from perfengine.pgbench.fault import Fault
from perfengine.pgbench.functions import FUNCTIONS
from perfengine.pgbench.lexer import tokens_of
from perfengine.pgbench.literals import WORDS, literal_of
from perfengine.pgbench.values import LEAST, whole

if TYPE_CHECKING:
    from perfengine.model.pgbench import Expression
    from perfengine.pgbench.lexer import Token

#: How tightly operators hold what stands at both sides: higher is tighter.
_OR, _AND, _NOT, _IS, _COMPARE, _BITS, _SUM, _PRODUCT, _SIGN = range(1, 10)
_BINDING: Final = {
    "or": _OR, "and": _AND, "is": _IS, "isnull": _IS, "notnull": _IS,
    "<": _COMPARE, ">": _COMPARE, "=": _COMPARE, "<=": _COMPARE, ">=": _COMPARE, "<>": _COMPARE,
    "|": _BITS, "#": _BITS, "&": _BITS, "<<": _BITS, ">>": _BITS,
    "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT,
}  # fmt: skip
#: `a > b` is `b < a`: so pgbench has it, and draws in that order.
_TURNED: Final = {">": "<", ">=": "<="}
#: Deeper than that nobody writes, and nothing of ours recurses without an end.
_MOST_DEPTH: Final = 100


def parse_expression(text: str) -> Expression:
    """Return the expression. Raises: Fault at what is wrong."""
    expression = _Parser(text).whole()
    level: tuple[Expression, ...] = (expression,)
    for _ in range(_MOST_DEPTH):
        level = tuple(part for one in level if isinstance(one, Call) for part in one.arguments)
    if level:  # a long chain of operators is deep to the left
        raise _too_deep(0, len(text))
    return expression


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = tokens_of(text)
        self._next = next(self._tokens)
        self._depth = 0

    def whole(self) -> Expression:
        expression = self._expression(0)
        if self._next.kind:
            raise _unexpected(self._next, "an operator, or the end of the line")
        return expression

    def _take(self) -> Token:
        token = self._next
        self._next = next(self._tokens, token)  # the end is no token that could be taken away
        return token

    def _expect(self, kind: str) -> None:
        if self._next.kind != kind:
            raise _unexpected(self._next, f'"{kind}"')
        self._take()

    def _expression(self, least: int) -> Expression:
        """Return what stands here, with all operators that hold as tightly as `least`."""
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise _too_deep(self._next.start, self._next.stop)
        left, before = self._operand(), 0
        while (binding := _BINDING.get(self._next.kind, 0)) > least:
            if binding == before == _COMPARE:
                raise _unexpected(self._next, "anything but a second comparison")
            left, before = self._operated(left, binding), binding
        self._depth -= 1
        return left

    def _operated(self, left: Expression, binding: int) -> Expression:
        kind = self._take().kind
        if binding == _IS:
            return self._tested(kind, left)
        right = self._expression(binding)
        if kind in _TURNED:
            return _call(_TURNED[kind], right, left)
        return _call(kind, left, right)

    def _tested(self, kind: str, left: Expression) -> Expression:
        """Return `left IS [NOT] null|true|false`, in one of its spellings."""
        negated, value = kind == "notnull", None
        if kind == "is":
            if negated := self._next.kind == "not":
                self._take()
            if self._next.kind not in WORDS:
                raise _unexpected(self._next, "null, true or false")
            value = WORDS[self._take().kind]
        tested = _call("is", left, Literal(value=value))
        return _call("not", tested) if negated else tested

    def _operand(self) -> Expression:
        token = self._take()
        match token.kind:
            case "variable":
                return Variable(name=token.text[1:])
            case "integer" | "double" | "true" | "false" | "null":
                return literal_of(token)
            case "(":
                inner = self._expression(0)
                self._expect(")")
                return inner
            case "name":
                return self._called(token)
            case "case":
                return self._case()
        return self._signed(token)

    def _signed(self, token: Token) -> Expression:
        match token.kind:
            case "+":
                return self._expression(_SIGN)
            case "-":
                return self._negated()
            case "~":
                return _call("#", Literal(value=-1), self._expression(_BITS))
            case "not":
                return _call("not", self._expression(_NOT))
        raise _unexpected(token, "a value")

    def _negated(self) -> Expression:
        """Return `0 - operand`; the least bigint has a spelling of its own, for its opposite is none."""
        if self._next.kind == "integer" and whole(self._next.text) == -LEAST:
            self._take()
            return Literal(value=LEAST)
        return _call("-", Literal(value=0), self._expression(_SIGN))

    def _called(self, name: Token) -> Expression:
        word = name.text.lower()
        if self._next.kind != "(":
            raise _unexpected(name, "a value", f": a variable is written :{name.text}")
        function = FUNCTIONS.get(word)
        if function is None:
            message, known = f'no function is called "{name.text}"', tuple(FUNCTIONS)
            raise Fault(message, name.start, name.stop, found=word, allowed=known)
        arguments = self._arguments()
        if wrong := function.wrong_number(len(arguments)):
            raise Fault(f"{word} {wrong}", name.start, name.stop)
        return Call(function=word, arguments=arguments)

    def _arguments(self) -> tuple[Expression, ...]:
        self._expect("(")
        arguments: list[Expression] = []
        while self._next.kind != ")":
            if arguments:
                self._expect(",")
            arguments.append(self._expression(0))
        self._take()
        return tuple(arguments)

    def _case(self) -> Expression:
        parts: list[Expression] = []
        while self._next.kind == "when" or not parts:
            self._expect("when")
            parts.append(self._expression(0))
            self._expect("then")
            parts.append(self._expression(0))
        otherwise: Expression = Literal(value=None)
        if self._next.kind == "else":
            self._take()
            otherwise = self._expression(0)
        self._expect("end")
        return _call("case", *parts, otherwise)


def _call(function: str, *arguments: Expression) -> Call:
    return Call(function=function, arguments=arguments)


def _unexpected(found: Token, wanted: str, remedy: str = "") -> Fault:
    shown = f'"{found.text}"' if found.kind else "the end"
    return Fault(f"{shown} here, where {wanted} is expected{remedy}", found.start, found.stop)


def _too_deep(start: int, stop: int) -> Fault:
    return Fault(f"the expression is nested more than {_MOST_DEPTH} deep: compute it in parts", start, stop)

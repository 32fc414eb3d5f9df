"""Expressions: binding, exact places, bounds, and printing that parses back."""

# ruff: noqa: E501, PT017

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.base.diagnostics import Where
from winset.base.errors import ScenarioError
from winset.language.expr import Among, Binary, Call, Date, Expr, If, IsType, Name, Number, Plays, Truth, Unary
from winset.language.parser import parse_expression
from winset.language.printing import show

NAMES = st.sampled_from(["work", "politics", "talk_cost", "now"])
LEAVES = st.one_of(
    st.builds(Number, st.floats(0, 1e6, allow_nan=False).map(lambda x: round(x, 6))),
    st.builds(Truth, st.booleans()),
    st.builds(Name, NAMES),
    st.builds(Date, st.sampled_from(["2019-12", "2019-12-31"])),
    st.builds(IsType, NAMES, NAMES),
    st.builds(Plays, NAMES, NAMES),
)


def _grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    operators = st.sampled_from(["+", "-", "*", "/", "and", "or", "=", "<=", "!="])
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "not"]), inner),
        st.builds(Binary, operators, inner, inner),
        st.builds(Binary, st.just("^"), inner, st.builds(Number, st.sampled_from([2.0, 3.0]))),
        st.builds(If, inner, inner, inner),
        st.builds(Call, st.sampled_from(["min", "max"]), st.tuples(inner, inner)),
        st.builds(Among, inner, st.tuples(inner, inner)),
        st.builds(Plays, NAMES, NAMES, inner),
    )


@given(st.recursive(LEAVES, _grow, max_leaves=12))
def test_printing_then_parsing_gives_the_same_tree(tree: Expr) -> None:
    try:
        again = parse_expression(show(tree))
    except ScenarioError as error:
        assert {d.code for d in error.diagnostics} <= {"S207"}
        return
    assert again == tree
    assert show(again) == show(tree)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("-2^2", "-(2^2)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("2^3^2", "2^(3^2)"),
        ("not a = b", "not (a = b)"),
        ("a or b and c", "a or (b and c)"),
        ("not a and b", "(not a) and b"),
        ("if a then 1 else 2 + 3", "if a then 1 else (2 + 3)"),
        ("a == b", "a = b"),
        ("30%", "0.3"),
        ("1 + 2 < 3 * 4", "(1 + 2) < (3 * 4)"),
    ],
)
def test_binding(text: str, meant: str) -> None:
    assert parse_expression(text) == parse_expression(meant)


@pytest.mark.parametrize(
    ("text", "other"), [("1 - (2 - 3)", "1 - 2 - 3"), ("(-2)^2", "-2^2"), ("(a or b) and c", "a or b and c")]
)
def test_brackets_matter(text: str, other: str) -> None:
    assert parse_expression(text) != parse_expression(other)


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [("a + $", "S202", 5), ("a b", "S203", 3), ("1 +", "S204", 4), ("a < b < c", "S206", 7), ("2019-13", "S208", 1)],
)
def test_the_column_is_exact(text: str, code: str, column: int) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_expression(text, Where("f", 7, 11))
    (found,) = caught.value.diagnostics
    assert (found.code, found.where) == (code, Where("f", 7, 10 + column))


@pytest.mark.parametrize(
    "text",
    ["(" * 2000, "(" * 100 + "1" + ")" * 100, "-" * 3000 + "1", "9^9^9^9", "10^400", "a^1e9", "1+" * 1900 + "1", "1" * 5000, "1e999", "not " * 900 + "a"],
)  # fmt: skip
def test_bombs_are_refused(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_expression(text)
    assert caught.value.diagnostics[0].code in ("S201", "S204", "S205", "S207", "S208")

"""What every part of the reading needs: keys by the field table, words, expressions, numbers with a pedigree."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from winset.base.diagnostics import NOWHERE, Collector, Diagnostic, Where
from winset.base.errors import ScenarioError
from winset.language.document import Tree
from winset.language.expr import Expr, Name
from winset.language.fields import SECTIONS, Field
from winset.language.lexer import RESERVED, problem, shown
from winset.language.meant import Meant
from winset.language.parser import constant, parse_expression
from winset.language.rules.catalogue import complete
from winset.language.scenario import Parameter

BROKEN = Name("?")
"""Stands where an expression could not be read; the rules pass over it."""

MOST_PROBLEMS = 500
"""Problems after which a reading gives up."""

COMPARED = 200
"""Names with which an unknown one is compared."""

SHORT = 5
"""Letters up to which a name is short: one of its letters is then much of it."""

_NAME = re.compile(r"^[^\W\d]\w*$")
DISTRIBUTIONS = {
    "uniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("mean", "sd"),
    "triangular": ("low", "mode", "high"),
    "beta": ("a", "b"),
}


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, or nothing; between short names only one slip counts as likeness."""
    names = list(known)
    if len(names) > COMPARED:
        names = [n for n in names if abs(len(n) - len(name)) < 3 and n[:1] == name[:1]][:COMPARED]
    found = [n for n in difflib.get_close_matches(name, names, 3, 0.55) if _close(name, n)]
    if found:
        return found[0]
    low = {n.casefold(): n for n in names}
    found = [n for n in difflib.get_close_matches(name.casefold(), low, 3, 0.55) if _close(name.casefold(), n)]
    return low[found[0]] if found else ""


def _close(one: str, other: str) -> bool:
    """Whether two short names differ by one letter more, less, other or swapped with its neighbour, or by an ending;
    longer ones may differ by more."""
    short, long = sorted((one, other), key=len)
    if len(short) > SHORT or (long.startswith(short) and len(short) >= 0.6 * len(long)):
        return True
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


class Reader:
    """One reading: what was found wrong, the parameters met on the way, and numbers to judge once these are known."""

    def __init__(self) -> None:
        self.found = Collector()
        self.parameters: dict[str, Parameter] = {}
        self.meant: list[Meant] = []

    def report(self, code: str, message: str, where: Where = NOWHERE, **details: Any) -> None:
        """Records one problem.

        Raises:
            ScenarioError: S111 there are too many; it carries those found.
        """
        if len(self.found) >= MOST_PROBLEMS:
            text = f"there are more than {MOST_PROBLEMS} problems; the first {MOST_PROBLEMS} found are listed"
            raise ScenarioError([*self.found, *problem("S111", text, where).diagnostics])
        self.found.extend([complete(Diagnostic(code=code, message=message, where=where, **details))])

    def fields(
        self, node: Tree, section: str, what: str, *, hints: Mapping[str, str] | None = None,
        models: Mapping[str, str] | None = None,
    ) -> dict[str, tuple[Tree, Tree]]:  # fmt: skip
        """The keys of a mapping with their values; unknown, missing and misplaced ones are reported.

        `hints` gives the fix for keys that do not belong here but are known to be meant otherwise, `models` what to
        write for keys that are missing.
        """
        table = SECTIONS[section]
        if node.empty and node.kind == "scalar":
            entries: list[tuple[Tree, Tree]] = []
        elif node.kind != "map":
            self.report("S301", f"{what} must be a mapping of keys, not {_kind(node)}", node.where)
            return {}
        else:
            entries = node.entries
        known = {f.key: f for f in table.fields}
        got: dict[str, tuple[Tree, Tree]] = {}
        for key, value in entries:
            name = key.text if key.text in known else key.text.replace("_", " ")
            if name not in known:
                near = nearest(key.text, known)
                self.report(
                    "N101",
                    f"{what} has no key `{shown(key.text)}`; it may have {', '.join(known)}",
                    key.where,
                    nearest="" if hints and key.text in hints else near,
                    fix=hints.get(key.text, "") if hints else "",
                )
            elif name in got:
                self.report("S104", f"the key `{name}` stands here twice", key.where, conflicts_with=got[name][0].where)
            else:
                got[name] = (key, value)
                self.check_kind(value, known[name], what)
        for field in table.fields:
            if field.required and field.key not in got:
                text = f"{what} lacks the key `{field.key}`: {field.meaning}"
                model = (models or {}).get(field.key) or field.model
                self.report("S302", text, node.where, fix=f"Add {model}." if model else "")
            elif field.required and field.kind == "text" and got[field.key][1].empty:
                self.report("S308", f"`{field.key}` of {what} is empty: {field.meaning}", got[field.key][1].where)
        return got

    def check_kind(self, value: Tree, field: Field, what: str) -> None:
        """Checks the simple kinds; the rest is checked where it is read."""
        scalar = value.kind == "scalar"
        place = f"`{field.key}` of {what}"
        if field.kind in ("text", "name", "date", "formula", "truth", "whole", "number") and not scalar:
            self.report("S303", f"{place} must be a single value, not {_kind(value)}", value.where)
        elif field.kind == "truth" and value.text not in ("true", "false"):
            self.report("S304", f"{place} is true or false, not `{shown(value.text)}`", value.where)
        elif field.kind.startswith("choice:"):
            words = field.kind[7:].split("|")
            if not scalar or value.text not in words:
                got = shown(value.text) if scalar else _kind(value)
                near = nearest(value.text, words)
                self.report("S305", f"{place} is one of {', '.join(words)}, not `{got}`", value.where, nearest=near)
        elif field.kind.startswith("list:") and value.kind != "list" and not value.empty:
            self.report("S306", f"{place} must be a list, not {_kind(value)}", value.where)
        elif field.kind.startswith(("map:", "one:")) and value.kind != "map" and not value.empty:
            fix = f"Write {field.model}." if field.model else ""
            self.report("S301", f"{place} must be a mapping of keys, not {_kind(value)}", value.where, fix=fix)

    def entries(self, node: Tree | None, what: str, *, named: bool = True) -> list[tuple[Tree, Tree]]:
        """The entries of a mapping whose keys are the author's names."""
        if node is None or node.empty:
            return []
        if node.kind != "map":
            fix = _pairs(node.text) if node.kind == "scalar" else ""
            if not any(d.code == "S301" and d.where == node.where for d in self.found):
                self.report("S301", f"{what} must be a mapping of names, not {_kind(node)}", node.where, fix=fix)
            return []
        return [(key, value) for key, value in node.entries if not named or self.is_name(key, what)]

    def items(self, node: Tree | None) -> list[Tree]:
        """The items of a list; other kinds are reported by the field table."""
        return node.items if node is not None and node.kind == "list" else []

    def is_name(self, node: Tree, what: str) -> bool:
        """True for a usable name; else it is reported."""
        if node.kind != "scalar" or not _NAME.match(node.text):
            fix = _pairs(node.text) or _quoted(node.text) if node.kind == "scalar" else ""
            self.report("N109", f"`{shown(node.text)}` cannot be a name in {what}", node.where, fix=fix)
            return False
        if node.text in RESERVED:
            self.report("N109", f"`{node.text}` is a word of the language and cannot be a name in {what}", node.where)
            return False
        return True

    def text(self, got: dict[str, tuple[Tree, Tree]], key: str, default: str = "") -> str:
        """A text, with line breaks at its end removed."""
        if key not in got or got[key][1].kind != "scalar" or got[key][1].empty:
            return default
        return got[key][1].text.strip()

    def names(self, node: Tree | None, what: str) -> list[Tree]:
        """A list of words, or one."""
        if node is None or node.empty:
            return []
        if node.kind == "scalar":
            return [node]
        if node.kind == "map" or any(item.kind != "scalar" for item in node.items):
            self.report("S306", f"{what} must be a list of names", node.where)
            return []
        return node.items

    def expression(self, node: Tree, path: str, what: str) -> Expr:
        """An expression; a mapping with `value`, `range` or `distribution` becomes a parameter named by its path."""
        if node.kind == "map" and is_quantity(node):
            self.parameter(path, node, path)
            return Name(path, where=node.where)
        if node.kind != "scalar":
            self.report("S307", f"{what} must be a number or an expression, not {_kind(node)}", node.where)
            return BROKEN
        if node.empty or not node.text.strip():
            self.report("S308", f"{what} is empty", node.where)
            return BROKEN
        try:
            return parse_expression(node.raw, node.where)
        except ScenarioError as error:
            for found in error.diagnostics:
                self.found.extend([complete(found)])
            return BROKEN

    def number(self, node: Tree, what: str) -> float | None:
        """A constant number; `1/3` and `30%` are numbers too."""
        if node.kind != "scalar":
            self.report("S307", f"{what} must be a number, not {_kind(node)}", node.where)
            return None
        tree = self.expression(node, "", what)
        if tree is BROKEN:
            return None
        value = constant(tree)
        if value is None:
            self.report("U301", f"{what} must be a number that stands by itself, not `{shown(node.text)}`", node.where)
        return value

    def whole(self, node: Tree, what: str, low: int, high: int, default: int) -> int:
        """A whole number within bounds."""
        value = self.number(node, what)
        if value is None:
            return default
        if value != int(value) or not low <= value <= high:
            self.report("U302", f"{what} is a whole number from {low} to {high:,}, not {value:g}", node.where)
            return default
        return int(value)

    def interval(self, node: Tree, what: str) -> tuple[float, float] | None:
        """`[low, high]`."""
        if node.kind != "list" or len(node.items) != 2:
            self.report("U303", f"{what} is a list of two numbers, the lowest and the highest", node.where)
            return None
        low, high = (self.number(item, what) for item in node.items)
        if low is None or high is None:
            return None
        if low > high:
            self.report("U304", f"{what} runs from {low:g} down to {high:g}", node.where)
            return None
        return low, high

    def parameter(self, name: str, node: Tree, what: str) -> None:
        """A number with its pedigree, added to the parameters."""
        if node.kind == "scalar":
            value = self.number(node, f"the parameter `{what}`")
            self.parameters[name] = Parameter(name=name, value=0.0 if value is None else value, where=node.where)
            return
        got = self.fields(node, "parameter", f"the parameter `{what}`")
        place = f"the parameter `{what}`"
        bounds = self.interval(got["range"][1], f"the range of {place}") if "range" in got else None
        spread = self.distribution(got["distribution"][1], place) if "distribution" in got else None
        value = self.number(got["value"][1], place) if "value" in got else None
        is_open = "value" not in got
        if is_open and "range" not in got and "distribution" not in got:
            self.report("U305", f"{place} has neither a value nor a range", node.where)
        if value is not None and bounds and not bounds[0] <= value <= bounds[1]:
            self.report(
                "U306", f"the value {value:g} of {place} lies outside its range {bounds[0]:g} to {bounds[1]:g}",
                got["value"][1].where, conflicts_with=got["range"][1].where,
            )  # fmt: skip
        if value is None:
            value = (bounds[0] + bounds[1]) / 2 if bounds else _centre(spread)
        status = self.text(got, "status", "assumed")
        self.parameters[name] = Parameter(
            name=name, value=value, low=bounds[0] if bounds else None, high=bounds[1] if bounds else None,
            distribution=spread, is_open=is_open, unit=self.text(got, "unit"),
            status=status if status in ("measured", "expert range") else "assumed",  # type: ignore[arg-type]
            source=self.text(got, "source"), note=self.text(got, "note"), where=node.where,
        )  # fmt: skip
        if status == "measured" and not self.text(got, "source"):
            self.report("E503", f"{place} is said to be measured, without a source", node.where, severity="warning")

    def distribution(self, node: Tree, place: str) -> tuple[str, tuple[tuple[str, float], ...]] | None:
        """`{normal: {mean: 0.3, sd: 0.1}}`."""
        what = f"the distribution of {place}"
        if node.kind != "map" or len(node.entries) != 1 or node.entries[0][0].text not in DISTRIBUTIONS:
            word = node.entries[0][0].text if node.kind == "map" and node.entries else node.text
            self.report(
                "U307", f"{what} is one of {', '.join(DISTRIBUTIONS)}, with its arguments", node.where,
                nearest=nearest(word, DISTRIBUTIONS),
            )  # fmt: skip
            return None
        kind, inner = node.entries[0][0].text, node.entries[0][1]
        wanted = DISTRIBUTIONS[kind]
        given = {key.text: self.number(value, f"`{key.text}` of {what}") for key, value in self.entries(inner, what)}
        if set(given) != set(wanted):
            self.report("U307", f"{what}: {kind} takes {', '.join(wanted)}", inner.where)
            return None
        if any(value is None for value in given.values()):
            return None
        numbers = {key: float(given[key] or 0.0) for key in wanted}
        ordered = [numbers[k] for k in ("low", "mode", "high") if k in numbers]
        if ordered != sorted(ordered) or any(numbers.get(k, 1.0) <= 0 for k in ("sd", "a", "b")):
            self.report("U308", f"{what}: the arguments of {kind} do not describe a distribution", inner.where)
            return None
        return kind, tuple(numbers.items())


def is_quantity(node: Tree) -> bool:
    """True for a mapping that describes one number."""
    return node.kind == "map" and any(key.text in ("value", "range", "distribution") for key, _ in node.entries)


def _pairs(text: str) -> str:
    """The fix for `name = value` where `name: value` is meant; else nothing."""
    match = re.match(r"^\s*(\w+)\s*:?=\s*([^=].*)$", text)
    return f"Write `{{{match[1]}: {shown(match[2].strip(), 40)}}}`." if match else ""


def _quoted(text: str) -> str:
    """The fix for what is left of a text that was cut at a comma; else nothing."""
    return 'Put a text that holds a comma into quotes: `"max(a, b)"`.' if ")" in text or "(" in text else ""


def _centre(spread: tuple[str, tuple[tuple[str, float], ...]] | None) -> float:
    if spread is None:
        return 0.0
    kind, given = spread[0], dict(spread[1])
    if kind == "beta":
        return given["a"] / (given["a"] + given["b"])
    if "mean" in given:
        return given["mean"]
    return given.get("mode", (given.get("low", 0.0) + given.get("high", 0.0)) / 2)


def _kind(node: Tree) -> str:
    if node.kind == "scalar":
        return f"`{shown(node.text, 30)}`" if node.text else "nothing"
    return {"list": "a list", "map": "a mapping"}[node.kind]

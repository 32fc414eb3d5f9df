"""What changed between two scenarios, or two versions of one: in what they put in and in what they answer."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any, Literal

from winset.base import words
from winset.language import variants as varied
from winset.language.formula import Formula, parse_formula
from winset.language.scenario import Scenario
from winset.language.stacked import REFUSED, Base, taken
from winset.study.brief import brief
from winset.study.brief_data import Brief, ClaimData, QuestionData
from winset.study.inputs import Inputs, Path, inputs

_ALIKE = 0.5
"""Share of equal facts from which a thing that was taken away is named as the nearest to one that was added."""
_HIDDEN = {"types", "effect", "sides", "actions", "outcomes", "cases", "signals", "then", "condition"}
_SAID = {"condition": "if", "ends_when": "ends when", "holds_if": "holds if", "at_end": "at the end"}
_SECTIONS = {
    "round": "moves",
    "settings": "solution",
    "each_round": "payoffs",
    "at_end": "payoffs",
    "definitions": "define",
}
Kind = Literal["changed", "added", "removed"]
Asked = tuple[Literal["question", "claim"], str]
"""Something with a formula: whether a question or a claim, and its name."""
NOTHING: Mapping[Asked, str] = {}


@dataclass(frozen=True, kw_only=True)
class InputChange:
    """One difference in what is put in.

    Attributes:
        section: the section of the scenario.
        name: what it is, by names.
        kind: changed, added or removed.
        old, new: the texts, expressions in canonical form; of what was added or removed, its facts in short.
        nearest: of what was removed or added, the counterpart that is most like it; "" where none is.
    """

    section: str
    name: str
    kind: Kind
    old: str = ""
    new: str = ""
    nearest: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerChange:
    """A question in both.

    Attributes:
        name, title, headline: as in the scenario; of the newer one where it is in both.
        old, new: the values as people read them; "" where it is asked in one only.
        old_value, new_value: the values; None where there is none.
        old_word, new_word: ICD 203 words of probabilities.
        change: new less old, of numbers.
        told: the change as people read it: "+3.4 points", "same", "not compared".
        error: numerical error of both together; None where it is not known.
        error_told: the same as people read it; "" where it is too small to be seen beside the change.
        within_error: the numbers differ, but by no more than that.
        note: that it is asked in one only or differently, why it is not compared, or why there is no number.
    """

    name: str
    title: str
    headline: bool
    old: str = ""
    new: str = ""
    old_value: float | bool | None = None
    new_value: float | bool | None = None
    old_word: str = ""
    new_word: str = ""
    change: float | None = None
    told: str = ""
    error: float | None = None
    error_told: str = ""
    within_error: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class VerdictChange:
    """A claim whose verdict changed, or that stands in one only (the other verdict is then ""); `old_why` and
    `new_why` say what came out, `note` that its formula changed."""

    name: str
    quote: str
    old: str
    new: str
    old_why: str = ""
    new_why: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class NotCompared:
    """A claim in both whose formula has no one meaning in one of them, and why (see `winset.language.stacked`)."""

    name: str
    quote: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Diff:
    """The differences between two scenarios; prints as a table.

    Attributes:
        old, new: names of the two.
        inputs: what they put in differently.
        answers: every question, the headlines first; empty with `inputs_only`.
        verdicts: the claims whose verdicts changed.
        claims: how many claims stand in both.
        not_compared: the claims in both that have no one meaning where a variant is the base.
        stacked: the variants on top of which formulas read others.
        inputs_only: nothing was solved.
    """

    old: str
    new: str
    inputs: tuple[InputChange, ...]
    answers: tuple[AnswerChange, ...] = ()
    verdicts: tuple[VerdictChange, ...] = ()
    claims: int = 0
    not_compared: tuple[NotCompared, ...] = ()
    stacked: tuple[str, ...] = ()
    inputs_only: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        return asdict(self)

    def lines(self, width: int = 80, paint: Callable[[str, str], str] = lambda text, style: text) -> list[str]:
        """The differences as lines of text; `paint(text, style)` colours a text."""
        from winset.study.diff_text import lines

        return lines(self, width, paint)

    def __str__(self) -> str:
        return "\n".join(self.lines())


def diff(
    old: Scenario,
    new: Scenario,
    *,
    variants: tuple[str, str] = ("", ""),
    inputs_only: bool = False,
    grid: int | None = None,
    cache: bool = True,
    memory: float = 1.5e9,
    progress: Callable[[int, int, str], None] | None = None,
) -> Diff:
    """What changed from one scenario to another: the inputs, the answer to each question, the verdicts.

    Order of declaration is no difference. Something renamed was removed and added; the nearest counterpart is named.
    With a variant as the base, a formula reads other variants on top of it, as after the same change in the file; what
    then has no one meaning is not compared.

    Args:
        old, new: as made by `winset.read` or `winset.build`.
        variants: the variant of each to take as its base; "" for none.
        inputs_only: compare what is put in and solve nothing.
        grid: inner belief nodes per dimension; None: what each scenario asks for.
        cache: look into and keep briefs in the disk cache.
        memory: most bytes a solution may take.
        progress: progress(done, total, label).

    Raises:
        ScenarioError: there is no such variant.
        SizeError: a game would not fit.
    """
    pair = [varied.apply(s, v) for s, v in zip((old, new), variants, strict=True)]
    changed = input_changes(inputs(pair[0]), inputs(pair[1])) + _errors(old, new, variants)
    names = [_name(s, v) for s, v in zip((old, new), variants, strict=True)]
    if inputs_only:
        return Diff(old=names[0], new=names[1], inputs=tuple(changed), inputs_only=True)
    one, other = (
        brief(s, variant=v, grid=grid, cache=cache, memory=memory, progress=progress)
        for s, v in zip((old, new), variants, strict=True)
    )
    bases = [taken(s, v) for s, v in zip((old, new), variants, strict=True)]
    refused = _refused(bases)
    shared = [c for c in other["claims"] if c["id"] in {c["id"] for c in one["claims"]}]
    apart = [NotCompared(name=c["id"], quote=c["quote"], why=refused["claim", c["id"]]) for c in shared
             if ("claim", c["id"]) in refused]  # fmt: skip
    return Diff(
        old=names[0], new=names[1], inputs=tuple(changed), answers=tuple(answer_changes(one, other, refused)),
        verdicts=tuple(verdict_changes(one, other, refused)), claims=len(shared), not_compared=tuple(apart),
        stacked=tuple(dict.fromkeys(b.variant for b in bases if any(b.reads_others(t) for t in _asked(b).values()))),
    )  # fmt: skip


def _asked(base: Base) -> dict[Asked, Formula]:
    """The formulas of a scenario."""
    out: dict[Asked, Formula] = {("question", q.name): parse_formula(q.formula) for q in base.scenario.questions}
    return out | {("claim", c.name): parse_formula(c.holds_if) for c in base.scenario.claims if c.holds_if}


def _refused(bases: list[Base]) -> dict[Asked, str]:
    """Why the questions and claims that have no one meaning in one of two scenarios are not compared."""
    out: dict[Asked, str] = {}
    for base in bases:
        for name, tree in _asked(base).items():
            if reason := base.refuses(tree).removeprefix(REFUSED):
                out.setdefault(name, reason)
    return out


def _errors(old: Scenario, new: Scenario, names: tuple[str, str]) -> list[InputChange]:
    """Who takes which variant for the game in one of two scenarios and not in the other."""
    before, after = (varied.perception(s, v).seen for s, v in zip((old, new), names, strict=True))
    out = []
    for player in dict.fromkeys([*before, *after]):
        texts = [f"takes `{seen[player]}` for the game" if player in seen else "" for seen in (before, after)]
        if texts[0] != texts[1]:
            kind: Kind = "changed" if all(texts) else ("added" if texts[1] else "removed")
            out.append(InputChange(section="perceives", name=player, kind=kind, old=texts[0], new=texts[1]))
    return out


def _name(scenario: Scenario, variant: str) -> str:
    stem = PurePath(scenario.file).name.removesuffix(".yaml") or scenario.title
    return f"{stem}:{variant}" if variant else stem


def input_changes(old: Inputs, new: Inputs) -> list[InputChange]:
    """The differences between what two scenarios put in, section by section."""
    gone, come = _whole(old, new), _whole(new, old)
    out = {path: _lone(path, "removed", old, new, come) for path in gone}
    out |= {path: _lone(path, "added", new, old, gone) for path in come}
    for path in dict.fromkeys([*old.facts, *new.facts]):
        before, after = old.facts.get(path, ""), new.facts.get(path, "")
        if before != after and not any(path[: len(e)] == e for e in (*gone, *come)):
            kind: Kind = "changed" if before and after else ("added" if after else "removed")
            section, name = _told(path)
            out[path] = InputChange(section=section, name=name, kind=kind, old=before, new=after)
    order = list(dict.fromkeys(_told(p)[0] for p in [*old.facts, *new.facts]))
    ranked = sorted(out, key=lambda path: order.index(_told(path)[0]))
    return [out[path] for path in ranked]


def _whole(one: Inputs, other: Inputs) -> list[Path]:
    """The named things that are in one only, the outermost of each."""
    alone = sorted(one.entities - other.entities, key=lambda e: (len(e), e))
    return [e for i, e in enumerate(alone) if not any(e[: len(a)] == a for a in alone[:i])]


def _lone(entity: Path, kind: Kind, mine: Inputs, theirs: Inputs, rivals: list[Path]) -> InputChange:
    """Something that is in one only, with the counterpart in the other that is most like it."""
    facts = mine.of(entity)
    siblings = [r for r in rivals if r[:-1] == entity[:-1]]

    def alike(rival: Path) -> float:
        there = theirs.of(rival)
        return sum(there.get(path) == text for path, text in facts.items()) / max(len(facts), len(there), 1)

    best = max(siblings, key=alike, default=None)
    nearest = best[-1] if best is not None and alike(best) >= _ALIKE else ""
    if not nearest:
        nearest = next(iter(difflib.get_close_matches(entity[-1], [s[-1] for s in siblings], 1)), "")
    section, name = _told(entity)
    short = "; ".join(" ".join([*_spoken(path), text]) for path, text in facts.items())
    short = short if len(short) <= 120 else short[:119] + "…"
    told = {"old": short} if kind == "removed" else {"new": short}
    return InputChange(section=section, name=name, kind=kind, nearest=nearest, **told)


def _spoken(path: Sequence[str]) -> list[str]:
    return [_SAID.get(part, part) for part in path if part not in _HIDDEN or part in _SAID]


def _told(path: Path) -> tuple[str, str]:
    """The section, and the name within it."""
    section = _SECTIONS.get(path[0], path[0])
    inner = _spoken(path if path[0] in ("each_round", "at_end", "ends_when", "title", "about") else path[1:])
    return section, " ".join(part.replace("each_round", "each round") for part in inner)


def answer_changes(one: Brief, other: Brief, refused: Mapping[Asked, str] = NOTHING) -> list[AnswerChange]:
    """Every question of either, the headlines first, those that moved before those that did not; `refused`: why some
    are not compared."""
    before = {q["name"]: q for q in one["questions"]}
    after = {q["name"]: q for q in other["questions"]}
    found = [
        _answer(before.get(name), after.get(name), refused.get(("question", name), ""))
        for name in dict.fromkeys([*after, *before])
    ]
    return sorted(found, key=lambda a: (not a.headline, a.told in ("", "same") and not a.note))


def _came_out(claim: ClaimData | None) -> str:
    """The numbers of a claim, and by how much its sides differ beside the numerical error."""
    if claim is None:
        return ""
    return claim["why"] if claim["gap"] in claim["why"] else f"{claim['why']} {claim['gap']}"


def _answer(old: QuestionData | None, new: QuestionData | None, refused: str) -> AnswerChange:
    here = new or old
    assert here is not None
    facts: dict[str, Any] = {"name": here["name"], "title": here["title"], "headline": here["headline"]}
    if old is not None:
        facts |= {"old": old["shown"], "old_value": old["value"], "old_word": old["word"]}
    if new is not None:
        facts |= {"new": new["shown"], "new_value": new["value"], "new_word": new["word"]}
    if old is None or new is None:
        return AnswerChange(**facts, note="asked in the new one only" if old is None else "asked in the old one only")
    if refused:
        return AnswerChange(**facts, told="not compared", note=refused)
    if old["formula"] != new["formula"]:
        facts["note"] = f"asked differently: {old['formula']}, now {new['formula']}"
    before, after = old["value"], new["value"]
    if before is None or after is None or isinstance(before, bool) or isinstance(after, bool):
        reasons = [q["undecided"].rstrip(".") for q in (new, old) if q["value"] is None and q["undecided"]]
        facts["note"] = "; ".join(t for t in (facts.get("note", ""), *reasons[:1]) if t)
        return AnswerChange(**facts, told="same" if before == after else "changed")
    error = _error(old) + _error(new)
    change = float(after) - float(before)
    facts |= _worded(change, error, old, new)
    within = change != 0 and abs(change) <= error
    return AnswerChange(**facts, change=change, error=error, within_error=within)


def _error(question: QuestionData) -> float:
    """Half the width of an answer's band, on its wider side."""
    value, low, high = question["value"], question["low"], question["high"]
    if not isinstance(value, float | int) or low is None or high is None:
        return 0.0
    return max(value - low, high - value)


def _worded(change: float, error: float, old: QuestionData, new: QuestionData) -> dict[str, str]:
    """A change and its error in words, and the values where they need more digits to agree with the change."""
    if change == 0:
        return {"told": "same"}
    chances = all(q["unit"] == "probability" or q["shown"].endswith(" points") for q in (old, new))
    if not chances:
        known = words.figure(float(f"{error:.2g}")) if error >= abs(change) / 1000 else ""
        return {"told": _plus(words.figure(float(f"{change:.3g}"))), "error_told": known}
    out = {"told": _plus(words.points(change)), "error_told": words.points(error) if error >= 0.0005 else ""}
    seen = error >= 0.0005
    if seen and (abs(change) <= error) != (round(abs(change), 3) <= round(error, 3)):  # rounded, they say otherwise
        out = {"told": _plus(words.signed(f"{100 * change:.2f} points")), "error_told": f"{100 * error:.2f} points"}
    if out["told"].startswith("+<") and change < 0:
        out["told"] = words.MINUS + out["told"][1:]
    return out | _finer(change, old, new)


def _plus(text: str) -> str:
    return text if text.startswith(words.MINUS) else f"+{text}"


def _finer(change: float, old: QuestionData, new: QuestionData) -> dict[str, str]:
    """Two differences in points and their change with a second digit, where with one they do not add up."""
    values = [100 * float(q["value"] or 0.0) for q in (old, new)]
    if not all(q["shown"].endswith(" points") and not q["shown"].startswith("<") for q in (old, new)):
        return {}
    if abs(change) < 0.0005 or abs(round(values[1], 1) - round(values[0], 1) - round(100 * change, 1)) < 0.05:
        return {}
    first, last = (round(value, 2) for value in values)
    texts = [words.signed(f"{value:.2f} points") for value in (first, last, last - first)]
    return {"old": texts[0], "new": texts[1], "told": _plus(texts[2])}


def verdict_changes(one: Brief, other: Brief, refused: Mapping[Asked, str] = NOTHING) -> list[VerdictChange]:
    """The claims whose verdict changed or that stand in one only, but for those `refused`."""
    before = {c["id"]: c for c in one["claims"]}
    after = {c["id"]: c for c in other["claims"]}
    out = []
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        if old is not None and new is not None and (old["verdict"] == new["verdict"] or ("claim", name) in refused):
            continue
        here: ClaimData | None = new or old
        assert here is not None
        note = "its formula changed" if old and new and old["formula"] != new["formula"] else ""
        out.append(
            VerdictChange(
                name=name,
                quote=here["quote"],
                old=old["verdict"] if old else "",
                new=new["verdict"] if new else "",
                old_why=_came_out(old),
                new_why=_came_out(new),
                note=note,
            )  # fmt: skip
        )
    return out

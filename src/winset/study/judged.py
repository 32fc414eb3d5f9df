"""The verdicts on a scenario's claims, as a list that prints as a table."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence

from winset.base import words
from winset.base.columns import wrapped
from winset.language.lexer import problem, shown
from winset.language.scenario import Scenario
from winset.language.variants import apply
from winset.study.brief import brief
from winset.study.brief_data import ClaimData
from winset.study.telling import sentence

Paint = Callable[[str, str], str]
KINDS = ("fact", "cause", "belief", "forecast", "result")
STYLES = {"holds": "good", "fails": "bad", "undecided": "bold"}


class Claims(list[ClaimData]):
    """The verdicts on claims: a list of plain data (see `Brief`, key `claims`) that prints as a table.

    `nothing` says why, where there are none.
    """

    nothing = "no claims"

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, width: int = 80, paint: Paint = lambda text, style: text) -> list[str]:
        """The table as lines of text.

        Args:
            width: columns to stay within.
            paint: colours a text in a style (`bold`, `dim`, `good`, `bad`); by default leaves it plain.
        """
        if not self:
            return wrapped(self.nothing, width)
        room = max(len(c["id"]) for c in self)
        out = [f"{paint('Claims', 'bold')}: {words.counted([c['verdict'] for c in self])}", ""]
        for claim in self:
            out += _lines(claim, width, min(room, 24), paint)
        grounds = list(dict.fromkeys(c["confidence"] for c in self if c["confidence"]))
        if len(grounds) == 1:
            out += ["", *wrapped(f"Confidence. {grounds[0]}", width)]
        return out


def claims(
    scenario: Scenario,
    names: Sequence[str] = (),
    *,
    kind: str = "",
    variant: str = "",
    values: dict[str, float] | None = None,
    grid: int | None = None,
    cache: bool = True,
    memory: float = 1.5e9,
    progress: Callable[[int, int, str], None] | None = None,
) -> Claims:
    """The verdicts on the claims of a scenario, from its brief.

    Args:
        scenario: as made by `winset.read` or `winset.build`.
        names: which claims; by default all.
        kind: only those of this kind: "fact", "cause", "belief", "forecast" or "result".
        variant: the variant to take as the base.
        values: parameter values that replace the central ones.
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        cache: look into and keep briefs in the disk cache.
        memory: most bytes a solution may take.
        progress: progress(done, total, label).

    Returns:
        A list of verdicts that prints as a table.

    Raises:
        ScenarioError: C493 there is no such claim or kind; there is no such variant.
        SizeError: the game would not fit.
    """
    wanted = [names] if isinstance(names, str) else list(names)
    known_names(wanted, [c.name for c in scenario.claims], "claim")
    known_names([kind] if kind else [], KINDS, "kind of claim")
    meant = [c for c in scenario.claims if (not wanted or c.name in wanted) and (not kind or c.kind == kind)]
    if not meant:
        apply(scenario, variant)  # a variant that is not there is said all the same
        none = Claims()
        none.nothing = _nothing(scenario, wanted, kind)
        return none
    listed = {c.name for c in meant}
    made = brief(scenario, variant=variant, values=values, grid=grid, cache=cache, memory=memory, progress=progress)
    return Claims(c for c in made["claims"] if c["id"] in listed)


def _nothing(scenario: Scenario, wanted: Sequence[str], kind: str) -> str:
    """Why no claim is listed."""
    if not scenario.claims:
        return "no claims: the scenario has none; declare them under `claims`"
    if wanted:
        told = [f"{c.name} is a {c.kind}" for c in scenario.claims if c.name in wanted]
        return f"no claims of the kind {kind}: {words.listing(told)}"
    counts = [(k, sum(c.kind == k for c in scenario.claims)) for k in KINDS]
    return f"no claims of the kind {kind}: the scenario has {words.listing([f'{n} of {k}' for k, n in counts if n])}"


def known_names(wanted: Iterable[str], known: Sequence[str], what: str) -> None:
    """Makes sure that what is asked for by name is there.

    Raises:
        ScenarioError: C493 it is not; says the nearest name.
    """
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            listed = ", ".join(known) if known else "none"
            raise problem(
                "C493",
                f"there is no {what} `{shown(name)}`",
                nearest=near[0] if near else "",
                fix="" if near else f"Use one of the names listed: {listed}.",
            )


def _lines(claim: ClaimData, width: int, room: int, paint: Paint) -> list[str]:
    """One claim: verdict, name, kind and speaker; then its numbers with the effect, or its reason; then its words."""
    verdict = claim["verdict"]
    head = f"{words.SIGNS[verdict]} {verdict:<9}"
    first, *rest = wrapped(f"{claim['id']:<{room}}  {claim['kind']}, {claim['by']}", width, f"  {head}  ", " " * 15)
    out = [first.replace(head, paint(head, STYLES[verdict]), 1), *rest]
    hang = " " * 15
    out += wrapped(f"“{claim['quote']}”", width, hang)
    if claim["note"]:
        out += [paint(line, "dim") for line in wrapped(f"read as: {claim['note']}", width, hang)]
    said = [claim["why"]]
    if claim["numbers"] and not claim["note"]:
        for part in claim["numbers"]:
            out += [
                paint(line, "dim") for line in wrapped(f"{part['shown']}  {part['meaning']}", width, hang, f"{hang}  ")
            ]
        said = [sentence(claim["reason"])]
    said += [claim["gap"]] if claim["gap"] not in said[0] else []
    out += [paint(line, "dim") for line in wrapped(" ".join(t for t in said if t), width, hang)]
    return out

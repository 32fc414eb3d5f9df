"""`winset.follow`: a record followed through a solved scenario, and what it moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from winset.base.errors import WinsetError
from winset.language.clock import label as round_label
from winset.language.given import given_grid, given_values
from winset.language.scenario import Scenario
from winset.language.stacked import taken
from winset.learn.filter import Followed, Step, follow_record
from winset.learn.observe import observe
from winset.learn.sighting import Observations
from winset.learn.standing import Standing, begun
from winset.learn.surprise import Fit, fits, surprise
from winset.study import cache as store
from winset.study.certificate_data import warnings_about
from winset.study.following.data import ClaimSeen, Entry, Following, Numbers, RowSeen, Waterfall
from winset.study.following.fitting import misfit
from winset.study.following.forecasts import Forecaster
from winset.study.following.hypotheses import weigh
from winset.study.following.waterfalls import (
    Checkpoint,
    belief_waterfall,
    checkpoints,
    finite,
    forecast_waterfall,
    type_names,
)
from winset.study.solved import Solved, Study, StudySettings

Progress = Callable[[int, int, str], None]


def follow(
    scenario: Scenario,
    *,
    until: str | None = None,
    variant: str = "",
    unchecked: bool = True,
    observations: Observations | None = None,
    forecasts: bool = True,
    hypotheses: bool = True,
    values: dict[str, float] | None = None,
    grid: int | None = None,
    cache: bool = True,
    memory: float = 1.5e9,
    progress: Progress | None = None,
) -> Following:
    """Follows the record of a scenario, event by event: what each says of types, how surprising it is, what it moves.

    Args:
        scenario: as made by `winset.read` or `winset.build`.
        until: the last day whose record is known, such as 2019-12-31, or 2019-12 for its last; None: all of it.
        variant: the variant to follow it through; "" for the base.
        unchecked: whether rows count that rest on sources nobody has checked.
        observations: the record as sightings, where it is not the scenario's own.
        forecasts: whether headline questions are forecast anew after events and at the ends of rounds.
        hypotheses: whether the scenario's competing hypotheses are weighed, which solves their variants; these are
            always those of the scenario as it is written, and types those of the variant followed.
        values: parameter values that replace the central ones.
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        cache: look into and keep results in the disk cache.
        memory: most bytes a solution may take.
        progress: progress(done, total, label).

    Raises:
        ScenarioError: there is no such variant, or the record is not read as acts of the game.
        SizeError: the game would not fit.
    """
    values = given_values(scenario, values)
    given_grid(grid)
    if observations is None and not scenario.record and not scenario.observed.moves:
        raise WinsetError(
            "the scenario has no record to follow\n"
            "    fix: List dated acts under `record`, or say under `observed` which rows of files stand for which acts."
        )
    base = taken(scenario, variant)

    def read(name: str) -> Observations:
        if observations is not None:
            return observations
        return observe(scenario, until=until, variant=name, unchecked=unchecked, values=values)

    seen = read(variant)
    parts = {
        "scenario": store.scenario_hash(scenario, values, variant), "observations": repr(seen), "grid": grid,
        "forecasts": forecasts, "hypotheses": hypotheses, "until": until, "unchecked": unchecked,
    }  # fmt: skip
    name = store.key("following", parts)
    if cache and (kept := store.load(name)) is not None:
        with suppress(KeyError, TypeError):  # not what was stored: computed anew
            return Following.from_dict(kept)
    settings = StudySettings(grid=grid, memory=memory)
    study = Study(scenario=base.scenario, values=values, settings=settings, progress=progress, base=base.solve)
    out, followed = _made(study, variant, seen, forecasts, progress)
    if hypotheses and scenario.hypotheses:
        same = study if not variant else Study(scenario=scenario, values=values, settings=settings, progress=progress)
        through = lambda solved, found: followed_through(solved, found)[0]  # noqa: E731
        matrices = weigh(scenario.hypotheses, same, read, through, followed, out.entries)
        out = replace(out, matrices=matrices)
    stamp = {"scenario": parts["scenario"], "versions": store.versions(), "grid": grid, "unchecked": unchecked}
    out = replace(out, stamp=stamp)
    if cache:
        store.store(name, out.as_dict())
    return out


def followed_through(solved: Solved, observations: Observations) -> tuple[Followed, list[Callable[[], Standing]]]:
    """A record followed through a solved scenario, with the way to where each step leads."""
    standings: list[Callable[[], Standing]] = []
    course = solved.course
    found = follow_record(
        solved.game, course.respond, observations, believe=course.believe, prior=course.prior({}),
        watch=lambda step, standing: standings.append(standing),
    )  # fmt: skip
    return found, standings


def _made(study: Study, variant: str, observations: Observations, forecasts: bool,
          progress: Progress | None) -> tuple[Following, Followed]:  # fmt: skip
    solved = study.solved()
    followed, standings = followed_through(solved, observations)
    forecaster = Forecaster(study)
    points = _forecast(forecaster, solved, followed, standings, progress) if forecasts else []
    bets = fits(followed.steps, observations.last_round)
    entries = _entries(solved, followed.steps, bets, points)
    questions: list[Waterfall] = []
    for question, _ in forecaster.asked if points else ():
        unit = forecaster.unit(question.name)
        one = forecast_waterfall(question.name, question.formula, unit, points, followed.steps, entries)
        questions += [one] if one is not None else []
    followed_too = {w.name for w in questions if points[-1].figures.get(w.name) is not None}
    found = Following(
        title=study.scenario.title, variant=variant, until=observations.until, entries=entries,
        types=[belief_waterfall(n, row, followed, entries) for n, row in type_names(solved.game).items()],
        questions=questions,
        left_out={n: why for n, why in forecaster.left_out.items() if n not in followed_too} if forecasts else {},
        misfit=misfit(followed.steps, bets, entries), log_evidence=finite(followed.log_evidence),
        unused=[
            {"table": u.table, "row": u.row, "date": u.date, "text": u.text, "why": u.why} for u in observations.unused
        ],
        warnings=_warnings(solved, followed),
        claims=_claims(solved, forecaster, standings) if forecasts and followed.broken is None else [],
    )  # fmt: skip
    return found, followed


def _claims(solved: Solved, forecaster: Forecaster, standings: Sequence[Callable[[], Standing]]) -> list[ClaimSeen]:
    """The claims at the end of the record; at the beginning, where it says nothing."""
    return forecaster.claims_at(standings[-1]() if standings else begun(solved.game, solved.course.prior({})))


def _forecast(forecaster: Forecaster, solved: Solved, followed: Followed, standings: Sequence[Callable[[], Standing]],
              progress: Progress | None) -> list[Checkpoint]:  # fmt: skip
    """The headline questions before the record, and along it."""
    at = checkpoints(followed.steps)
    first = begun(solved.game, solved.course.prior({}))
    found = [Checkpoint(step=None, figures=forecaster.at(first))]
    for done, number in enumerate(at):
        if progress is not None:
            progress(done, len(at), "forecasts along the record")
        found.append(Checkpoint(step=number, figures=forecaster.at(standings[number]())))
    return found


def _entries(solved: Solved, steps: Sequence[Step], bets: Sequence[Fit], points: Sequence[Checkpoint]) -> list[Entry]:
    rows = type_names(solved.game)
    fit = {bet.step: bet.p_value for bet in bets}
    figures = {point.step: point.figures for point in points}
    return [_entry(solved, step, rows, fit.get(step.number), figures.get(step.number, {})) for step in steps]


def _entry(solved: Solved, step: Step, rows: dict[str, int], fit: float | None, figures: Numbers) -> Entry:
    seen = surprise(step) if step.sighting is not None else None
    clock = solved.game.scenario.clock
    reports = step.sighting.reports if step.sighting is not None else ()
    number = round_label(clock, step.round)
    return Entry(
        number=step.number, kind=step.kind, date=reports[0].date if reports else number, round=number, move=step.move,
        player=step.player, says=step.sighting.says if step.sighting is not None else "",
        rows=[
            RowSeen(date=r.date, act=r.act, text=r.text, table=r.table, row=r.row, source=r.source, checked=r.checked)
            for r in reports
        ],
        probability=step.probability,
        bits=finite(seen.bits) if seen else None, expected=seen.expected if seen else None,
        p_value=seen.p_value if seen else None,
        ratio={n: finite(step.ratio[row]) for n, row in rows.items()} if seen else {},
        before={n: float(step.before[row]) for n, row in rows.items()},
        after={n: float(step.after[row]) for n, row in rows.items()},
        fit=fit, questions=figures, nodes=list(step.nodes),
    )  # fmt: skip


def _warnings(solved: Solved, followed: Followed) -> list[str]:
    out = list(warnings_about(solved))
    if followed.mass_lost > 1e-6:
        out.append(f"probability {followed.mass_lost:.1e}, given the record, was not carried on")
    if followed.broken is not None:
        out.append("the record was followed only up to the report that the model cannot have")
    out += [r for r in solved.course.remarks if r not in out]
    return out

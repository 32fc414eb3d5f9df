"""What a variant changes, in words."""

from __future__ import annotations

from winset.language.clock import begun, label
from winset.language.expr import Number
from winset.language.printing import number, show
from winset.language.scenario import Scenario, Value, Variant


def changes(scenario: Scenario, variant: Variant) -> list[str]:
    """One line for each change, with what it was before."""
    out = []
    before = {v.name: v.start for v in scenario.state}
    for name, start in variant.start:
        out.append(f"{name} starts at {_start(start)} (was {_start(before[name])})")
    central = {p.name: p.value for p in scenario.parameters}
    for name, value in variant.parameters:
        was = f" (was {number(central[name])})" if name in central else ""
        out.append(f"{name} = {number(value)}{was}")
    if variant.begins is not None and scenario.clock.start is not None:
        began = label(begun(scenario.clock, variant.begins), 1)
        out.append(f"begins with {began} (was {label(scenario.clock, 1)})")
    for player, types in variant.prior:
        out.append(f"prior of {player}: {', '.join(f'{kind} {show(p)}' for kind, p in types)}")
    for player, seen in variant.perceives:
        out.append(f"{player} acts as if `{seen}` were the game")
    if variant.aware:
        out.append(f"{' and '.join(variant.aware)} {'knows' if len(variant.aware) == 1 else 'know'} of the error")
    if variant.without:
        out.append(f"without {', '.join(variant.without)}")
    known = dict(scenario.clock.dates)
    for name, day in variant.dates:
        was = f" (was {known[name].isoformat()})" if name in known else ""
        out.append(f"{name} on {day.isoformat()}{was}")
    return out


def _start(start: tuple[tuple[Value, object], ...]) -> str:
    if len(start) == 1:
        return _value(start[0][0])
    return ", ".join(
        f"{_value(value)} with probability {number(p.value) if isinstance(p, Number) else show(p)}"  # type: ignore[arg-type]
        for value, p in start
    )


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else number(float(value))

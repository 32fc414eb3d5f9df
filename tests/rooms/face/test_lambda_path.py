"""The picture of a logit path: complete in itself, and every point where it belongs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from winset.face.html.lambda_path import MOST, path_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_a_folded_path_is_drawn_in_its_own_order() -> None:
    lam = [0.0, 1.0, 3.0, 2.0, 4.0]
    text = path_svg("a <game>", lam, [("A:1:up", [0.5, 0.6, 0.7, 0.2, 0.1])], folds=[3.0, 2.0], limit=[0.0])
    root = ElementTree.fromstring(text)
    assert root.find(f"{SVG}style") is not None and root.find(f"{SVG}title").text == "a <game>"  # type: ignore[union-attr]
    (line,) = [p for p in root.findall(f"{SVG}path") if p.get("class") == "l0"]
    points = [tuple(map(float, xy.split())) for xy in re.split("[ML]", line.get("d") or "")[1:]]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    assert xs[1] < xs[3] < xs[2] < xs[4] and xs[0] < xs[1]
    assert ys[2] < ys[1] < ys[0] < ys[3] < ys[4]
    assert len([e for e in root.iter(f"{SVG}line") if e.get("class") == "fold"]) == 2
    assert len(list(root.iter(f"{SVG}circle"))) == 1


def test_of_many_actions_those_that_move_most_are_drawn() -> None:
    lines = [(f"a{i}", [0.5, 0.5 + i / 100]) for i in range(30)]
    root = ElementTree.fromstring(path_svg("many", [0.0, 10.0], lines))
    drawn = {t.text for t in root.iter(f"{SVG}text") if (t.text or "").startswith("a")}
    assert drawn == {f"a{i}" for i in range(30 - MOST, 30)}
    assert "20 actions that move less are left out" in (root.find(f"{SVG}desc").text or "")  # type: ignore[union-attr]

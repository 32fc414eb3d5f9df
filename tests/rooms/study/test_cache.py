"""The cache: kept by content, never half-written, and a damaged entry is replaced."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import winset
from winset.study import cache


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINSET_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_what_is_stored_comes_back(place: Path) -> None:
    assert cache.load("a" * 8) is None
    cache.store("a" * 8, {"x": [1, 2.5, None, "é"]})
    assert cache.load("a" * 8) == {"x": [1, 2.5, None, "é"]}
    assert [p.suffix for p in place.iterdir()] == [".json"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"sha256": "0", "payload": "1"}', '{"payload": 3}', "\x00\x01"])
def test_damaged_entry_is_ignored_and_replaced(place: Path, damage: str) -> None:
    cache.store("k", [1])
    (place / "k.json").write_text(damage, encoding="utf-8")
    assert cache.load("k") is None
    cache.store("k", [2])
    assert cache.load("k") == [2]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
def test_a_pipe_in_place_of_an_entry_is_ignored(place: Path) -> None:
    place.mkdir()
    os.mkfifo(place / "k.json")
    assert cache.load("k") is None


@pytest.mark.parametrize("kept", [{"a": 1}, [1], "text", 5, {"timings": {}}])
def test_an_entry_of_another_shape_is_computed_anew(kept: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checksum holds, what it protects is something else."""
    from winset.study import asking, making

    scenario = winset.read("beer-quiche")
    monkeypatch.setattr(cache, "load", lambda name: kept)
    monkeypatch.setattr(asking, "answer", lambda *_, **__: winset.Answer(formula="1 < 2", value=True))
    assert winset.ask(scenario, "1 < 2").value is True
    monkeypatch.setattr(making, "make_brief", lambda *_, **__: {"made": "anew"})
    assert winset.brief(scenario) == {"made": "anew"}


def test_changed_payload_is_noticed(place: Path) -> None:
    cache.store("k", {"p": 0.25})
    path = place / "k.json"
    path.write_text(path.read_text(encoding="utf-8").replace("0.25", "0.75"), encoding="utf-8")
    assert cache.load("k") is None


def test_interrupted_write_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cache.os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        cache.store("k", [1])
    assert list(place.iterdir()) == []


def test_numbers_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        cache.store("k", float("nan"))


def test_folder_stays_below_its_size(place: Path) -> None:
    for i in range(6):
        cache.store(f"k{i}", "x" * 1000)
    size = (place / "k0.json").stat().st_size
    assert cache.tidy(most=3 * size) == 3
    assert len(list(place.glob("*.json"))) == 3
    assert cache.clear() == 3


def test_unwritable_folder_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("WINSET_CACHE", str(tmp_path / "file"))
    cache.store("k", 1)
    assert cache.load("k") is None


def test_key_depends_on_what_it_should() -> None:
    one = cache.key("answer", {"formula": "P(x)"})
    assert one == cache.key("answer", {"formula": "P(x)"})
    assert one != cache.key("answer", {"formula": "P(y)"})
    assert one != cache.key("brief", {"formula": "P(x)"})


@pytest.mark.parametrize("changed", ["learn/filter.py", "study/robust/draws.py", "solve/markov/deep/logit.py"])
def test_a_changed_source_file_counts_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    path = tmp_path / changed
    path.parent.mkdir(parents=True)
    path.write_text("a = 1\n")
    (path.parent / "notes.txt").write_text("one")
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "study" / "cache.py"))
    first = cache.sources_hash.__wrapped__()
    (path.parent / "notes.txt").write_text("two")
    assert cache.sources_hash.__wrapped__() == first
    path.write_text("a = 2\n")
    assert cache.sources_hash.__wrapped__() != first

"""The store: whole files or none, nothing damaged believed, claims that end."""

import json
import os
import subprocess
import sys

import pytest

from winset.study.runs.store import LEASE, Store

KEY, OTHER = "ab" + "0" * 62, "ab" + "1" * 62


def test_keeps_results_and_ends_claims(tmp_path):
    store = Store(tmp_path)
    assert store.load(KEY) is None
    assert store.claim(KEY)
    store.keep(KEY, {"y": [1.5, None, "text"]})
    assert store.load(KEY) == {"y": [1.5, None, "text"]}
    assert list(store.keys()) == [KEY]
    assert {p.suffix for p in tmp_path.rglob("*") if p.is_file()} == {".json"}
    assert store.clear() == 1
    assert store.load(KEY) is None


def test_believes_nothing_that_is_damaged_or_misplaced(tmp_path):
    store = Store(tmp_path)
    store.keep(KEY, {"y": 1})
    path = tmp_path / "ab" / f"{KEY}.json"
    whole = path.read_text()
    (tmp_path / "ab" / f"{OTHER}.json").write_text(whole)
    assert store.load(OTHER) is None, "the result of another task"
    for damaged in (whole[:-20], whole.replace("1}", "2}"), "[]", "", "\0"):
        path.write_text(damaged)
        assert store.load(KEY) is None


def test_what_is_not_json_is_refused_and_leaves_nothing(tmp_path):
    store = Store(tmp_path)
    with pytest.raises(ValueError, match="JSON"):
        store.keep(KEY, {"y": float("inf")})
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_an_interrupted_write_leaves_the_old_result(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.keep(KEY, {"y": 1})

    def fails(*_):
        raise OSError("no room")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="no room"):
        store.keep(KEY, {"y": 2})
    assert store.load(KEY) == {"y": 1}
    assert [p.suffix for p in tmp_path.rglob("*") if p.is_file()] == [".json"]


def test_what_a_killed_run_left_half_written_goes_after_a_while(tmp_path):
    store = Store(tmp_path)
    store.keep(KEY, {"y": 1})
    old, young = (tmp_path / "ab" / f"part-{name}.tmp" for name in ("old", "young"))
    for path in (old, young):
        path.write_text("half")
    os.utime(old, (0, 0))
    store.tidy()
    assert not old.exists() and young.exists() and store.load(KEY) == {"y": 1}


def test_one_claim_at_a_time(tmp_path):
    first, second = Store(tmp_path), Store(tmp_path)
    assert first.claim(KEY)
    assert not second.claim(KEY)
    first.release(KEY)
    assert second.claim(KEY)


def test_the_claim_of_a_process_that_is_gone_has_ended(tmp_path):
    store = Store(tmp_path)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert store.claim(KEY)
    path = tmp_path / "ab" / f"{KEY}.claim"
    said = json.loads(path.read_text())
    path.write_text(json.dumps({**said, "pid": gone.pid}))
    assert store.claim(KEY)
    path.write_text(json.dumps({"host": "elsewhere", "pid": gone.pid}))
    assert not store.claim(KEY), "processes of another machine cannot be seen"
    os.utime(path, (0, 0))
    assert LEASE < 1e9
    assert store.claim(KEY), "but after a while without a sign of life they are taken for gone"


def test_a_sign_of_life_keeps_a_claim(tmp_path):
    store = Store(tmp_path)
    assert store.claim(KEY)
    path = tmp_path / "ab" / f"{KEY}.claim"
    path.write_text(json.dumps({"host": "elsewhere", "pid": 1}))
    os.utime(path, (0, 0))
    store.renew(KEY)
    assert not store.claim(KEY)

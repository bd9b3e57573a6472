"""Changes of an app: all or nothing, inside the app, shown as a diff."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from redwood_inngest.changes import Change, Changes
from redwood_inngest.errors import Refusal

from tests.support.apps import tree, write


def test_only_what_differs_is_a_change(tmp_path: Path) -> None:
    write(tmp_path / "same", "a")
    changes = Changes.planned(tmp_path, {"same": b"a", "new/file": b"b"})
    assert changes.changes == (Change("new/file", None, b"b"),)


def test_changes_are_applied_and_can_be_taken_back(tmp_path: Path) -> None:
    write(tmp_path / "old", "a")
    (tmp_path / "old").chmod(0o750)
    before = tree(tmp_path)
    undo = Changes.planned(tmp_path, {"old": b"b", "deep/er/new": b"c"}).apply()
    assert tree(tmp_path) == {"old": b"b", "deep/er/new": b"c"}
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o750
    undo()
    assert tree(tmp_path) == before
    assert not (tmp_path / "deep").exists()


def test_folders_go_with_their_last_file_and_come_back(tmp_path: Path) -> None:
    for path in ("a/b/one", "a/b/two", "a/kept", "c/three"):
        write(tmp_path / path, path)
    before = tree(tmp_path)
    gone = (Change(path, path.encode(), None) for path in ("a/b/one", "a/b/two", "c/three"))
    undo = Changes(tmp_path, tuple(gone)).apply()
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["a", "kept"]
    undo()
    assert tree(tmp_path) == before


def test_a_failure_on_the_way_takes_back_what_was_done(tmp_path: Path) -> None:
    write(tmp_path / "first", "a")
    write(tmp_path / "file", "in the way")
    before = tree(tmp_path)
    changes = Changes.planned(tmp_path, {"first": b"b", "new/one": b"c", "file/below": b"d"})
    with pytest.raises(Refusal, match="nothing was changed"):
        changes.apply()
    assert tree(tmp_path) == before
    assert not (tmp_path / "new").exists()


def test_a_file_that_changed_in_the_meantime_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "file", "a")
    changes = Changes.planned(tmp_path, {"file": b"b"})
    write(tmp_path / "file", "edited")
    with pytest.raises(Refusal, match="changed in the meantime"):
        changes.apply()
    assert tree(tmp_path) == {"file": b"edited"}


@pytest.mark.parametrize("path", ["../outside", "link/outside"])
def test_a_path_that_leads_out_of_the_app_is_refused(tmp_path: Path, path: str) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "link").symlink_to(tmp_path)
    with pytest.raises(Refusal, match="leads out of the app"):
        Changes.planned(app, {path: b"x"})


def test_a_link_inside_the_app_stays_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real", "a")
    (tmp_path / "link").symlink_to("real")
    Changes.planned(tmp_path, {"link": b"b"}).apply()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"b"


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "file", "a")
    (tmp_path / "file").chmod(0o444)
    with pytest.raises(Refusal, match=r"cannot be written \(Permission denied\)"):
        Changes.planned(tmp_path, {"file": b"b"}).apply()
    assert tree(tmp_path) == {"file": b"a"}


def test_the_diff_is_one_that_git_can_apply() -> None:
    assert Change("a.ts", b"one\ntwo", b"one\r\n2\n").diff() == (
        "--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,2 @@\n-one\n-two\n\\ No newline at end of file\n"
        "+one\r\n+2\n"
    )
    assert (
        Change("a.ts", None, b"one\n").diff() == "--- /dev/null\n+++ b/a.ts\n@@ -0,0 +1 @@\n+one\n"
    )

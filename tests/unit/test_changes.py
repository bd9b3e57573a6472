"""Changes of an app: all or nothing, inside the app, shown as a diff."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from redwood_inngest.changes import Change, Changes
from redwood_inngest.errors import Refusal

from tests.support.apps import tree, write


def interrupted(
    changes: Changes,
    meanwhile: Callable[[], object] = lambda: None,
    guarded: Iterable[Path] = (),
) -> None:
    """Make changes, and fail before they are done."""
    with changes.applied(guarded):
        meanwhile()
        raise KeyboardInterrupt


def test_only_what_differs_is_a_change(tmp_path: Path) -> None:
    write(tmp_path / "same", "a")
    changes = Changes.planned(tmp_path, {"same": b"a", "new/file": b"b"})
    assert changes.changes == (Change("new/file", None, b"b"),)


def test_changes_are_applied_and_can_be_taken_back(tmp_path: Path) -> None:
    write(tmp_path / "old", "a")
    (tmp_path / "old").chmod(0o750)
    before = tree(tmp_path)
    seen: dict[str, bytes] = {}
    changes = Changes.planned(tmp_path, {"old": b"b", "deep/er/new": b"c"})
    with pytest.raises(KeyboardInterrupt):
        interrupted(changes, lambda: seen.update(tree(tmp_path)))
    assert (seen["old"], seen["deep/er/new"]) == (b"b", b"c")
    assert tree(tmp_path) == before
    changes.make()
    assert tree(tmp_path) == {"old": b"b", "deep/er/new": b"c"}
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o750


def test_folders_go_with_their_last_file_and_come_back(tmp_path: Path) -> None:
    for path in ("a/b/one", "a/b/two", "a/kept", "c/three"):
        write(tmp_path / path, path)
    before = tree(tmp_path)
    gone = (Change(path, path.encode(), None) for path in ("a/b/one", "a/b/two", "c/three"))
    changes = Changes(tmp_path, tuple(gone))
    with pytest.raises(KeyboardInterrupt):
        interrupted(changes)
    assert tree(tmp_path) == before
    changes.make()
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["a", "kept"]


def test_emptied_folders_go_where_the_removal_of_one_fails_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a/b/one", "1")
    remove = Path.rmdir
    failing = [tmp_path / "a"]

    def rmdir(folder: Path) -> None:
        if folder in failing:
            failing.remove(folder)
            raise OSError("once")
        remove(folder)

    monkeypatch.setattr(Path, "rmdir", rmdir)
    Changes(tmp_path, (Change("a/b/one", b"1", None),)).make()
    assert not failing
    assert list(tmp_path.iterdir()) == []


def test_a_failure_on_the_way_takes_back_what_was_done(tmp_path: Path) -> None:
    write(tmp_path / "first", "a")
    write(tmp_path / "file", "in the way")
    before = tree(tmp_path)
    changes = Changes.planned(tmp_path, {"first": b"b", "new/one": b"c", "file/below": b"d"})
    with pytest.raises(Refusal, match="nothing was changed"):
        changes.make()
    assert tree(tmp_path) == before
    assert not (tmp_path / "new").exists()


def test_a_file_that_changed_in_the_meantime_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "file", "a")
    changes = Changes.planned(tmp_path, {"file": b"b"})
    write(tmp_path / "file", "edited")
    with pytest.raises(Refusal, match="changed in the meantime"):
        changes.make()
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
    Changes.planned(tmp_path, {"link": b"b"}).make()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"b"


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "file", "a")
    (tmp_path / "file").chmod(0o444)
    with pytest.raises(Refusal, match=r"cannot be written \(Permission denied\)"):
        Changes.planned(tmp_path, {"file": b"b"}).make()
    assert tree(tmp_path) == {"file": b"a"}


def test_the_diff_is_one_that_git_can_apply() -> None:
    assert Change("a.ts", b"one\ntwo", b"one\r\n2\n").diff() == (
        "--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,2 @@\n-one\n-two\n\\ No newline at end of file\n"
        "+one\r\n+2\n"
    )
    assert (
        Change("a.ts", None, b"one\n").diff() == "--- /dev/null\n+++ b/a.ts\n@@ -0,0 +1 @@\n+one\n"
    )


def test_an_edit_made_meanwhile_is_left_alone_and_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, name)
    changes = Changes.planned(tmp_path, {"one": b"1", "two": b"2", "new": b"3"})
    with pytest.raises(Refusal, match=r"left as it is: one\."):
        interrupted(changes, lambda: write(tmp_path / "one", "edited"))
    assert tree(tmp_path) == {
        "one": b"edited",
        "two": b"two",
        ".one.redwood-inngest-old": b"one",
    }


def test_what_is_guarded_is_as_before_where_the_rest_is_taken_back(tmp_path: Path) -> None:
    write(tmp_path / "app/file", "a")
    write(tmp_path / "yarn.lock", "lock")
    lock, changes = tmp_path / "yarn.lock", Changes.planned(tmp_path / "app", {"file": b"b"})
    with pytest.raises(KeyboardInterrupt):
        interrupted(changes, lambda: lock.write_text("changed"), guarded=[lock])
    assert tree(tmp_path) == {"app/file": b"a", "yarn.lock": b"lock"}
    with changes.applied(guarded=[lock]):
        lock.write_text("changed")
    assert tree(tmp_path) == {"app/file": b"b", "yarn.lock": b"changed"}


def test_a_file_with_hard_links_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "file", "a")
    (tmp_path / "other").hardlink_to(tmp_path / "file")
    with pytest.raises(Refusal, match="hard links"):
        Changes.planned(tmp_path, {"file": b"b"}).make()
    assert tree(tmp_path) == {"file": b"a", "other": b"a"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")
def test_the_owner_of_a_file_stays(tmp_path: Path) -> None:
    write(tmp_path / "file", "a")
    for path in (tmp_path, tmp_path / "file"):
        os.chown(path, 1234, 1235)
    Changes.planned(tmp_path, {"file": b"b", "new/file": b"c"}).make()
    for name in ("file", "new", "new/file"):
        found = (tmp_path / name).stat()
        assert (found.st_uid, found.st_gid) == (1234, 1235), name

"""What only a folder can get wrong; what every store must do is in test_stores.py."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from folio.errors import AccessDenied, FolioError, NameTooLong, StoreUnavailable
from folio.stores.base import Conflict
from folio.stores.folder import FolderStore
from tests.contract.conftest import Content


@pytest.fixture
def foreign_folder() -> Iterator[Path]:
    """A folder that may be looked at, not written to, with a file that may not be read.

    Root may do everything: it becomes nobody for the test, outside of pytest's own folders, which only root may enter.
    """
    root = Path(tempfile.mkdtemp(prefix="folio-test-"))
    (root / "secret.pdf").write_bytes(b"secret")
    (root / "content.json").write_bytes(b"{}")
    (root / "locked").mkdir()
    (root / "locked" / "a.pdf").write_bytes(b"secret")
    (root / "secret.pdf").chmod(0o000)
    (root / "content.json").chmod(0o444)
    (root / "locked").chmod(0o000)
    root.chmod(0o555)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)
        yield root
    finally:
        os.seteuid(user)
        root.chmod(0o755)
        (root / "locked").chmod(0o755)
        shutil.rmtree(root)


def test_a_failed_write_leaves_no_part_behind(tmp_path: Path, content: Content) -> None:
    root = tmp_path / "store"
    store = FolderStore(root)
    with pytest.raises(Conflict):
        store.write("r.json", content(b"one"), "wrong")
    with pytest.raises(FolioError):
        store.write("r.json", tmp_path / "missing.json", None)
    assert list(root.iterdir()) == []


def test_results_may_lie_in_a_tree_of_their_own(tmp_path: Path, content: Content) -> None:
    store = FolderStore(tmp_path / "in", tmp_path / "out")
    store.write("a/b.json", content(b"one"), None)
    assert (tmp_path / "out" / "a" / "b.json").read_bytes() == b"one"
    assert not (tmp_path / "in").exists()


def test_no_folder_of_ours_is_left_empty(tmp_path: Path, content: Content) -> None:
    store = FolderStore(tmp_path)
    keys = ["in/a.pdf.ocr/pages/m/1.json", "in/a.pdf.ocr/pages/n/1.json", "in/a.pdf.ocr/text.txt"]
    etags = {key: store.write(key, content(b"one"), None) for key in keys}
    store.discard(keys[:1])
    assert sorted(path.name for path in (tmp_path / "in" / "a.pdf.ocr").rglob("*")) == [
        "1.json",
        "n",
        "pages",
        "text.txt",
    ]
    store.discard(keys[1:2])
    store.delete(keys[2], etags[keys[2]])
    assert list((tmp_path / "in").iterdir()) == []


def test_a_file_that_is_being_written_is_not_listed(tmp_path: Path, content: Content) -> None:
    store = FolderStore(tmp_path)
    store.write("a.pdf.ocr/pages/m/1.json", content(b"one"), None)
    (tmp_path / "a.pdf.ocr" / "pages" / "m" / ".folio-0.part").touch()
    assert store.list("a.pdf.ocr/") == ["a.pdf.ocr/pages/m/1.json"]


def test_a_name_too_long_for_the_file_system_is_told_so(tmp_path: Path, content: Content) -> None:
    store, key = FolderStore(tmp_path), "a" * 250 + ".ocr.json"
    for attempt in (
        lambda: store.head(key),
        lambda: store.read(key),
        lambda: store.write(key, content(b"one"), None),
        lambda: store.delete(key, "etag"),
    ):
        with pytest.raises(NameTooLong):
            attempt()


def test_of_many_first_results_one_is_written_and_it_is_whole(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    contents = [tmp_path / f"{number}.json" for number in range(8)]
    for number, path in enumerate(contents):
        path.write_bytes(bytes([number]) * 300_000)

    def write(path: Path) -> bool:
        try:
            store.write("r.json", path, None)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(write, contents))
    stored = store.read("r.json")
    assert stored is not None
    assert written.count(True) == 1
    assert stored.data == contents[written.index(True)].read_bytes()


def test_a_writer_looks_only_after_the_one_before_it_is_done(tmp_path: Path, content: Content) -> None:
    store, lock = FolderStore(tmp_path), os.open(tmp_path, os.O_RDONLY)
    path = content(b"one")
    with ThreadPoolExecutor(1) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)  # what another process that writes there holds
        waiting = pool.submit(store.write, "r.json", path, None)
        with pytest.raises(TimeoutError):
            waiting.result(0.2)
        (tmp_path / "r.json").write_bytes(b"two")
        os.close(lock)
        with pytest.raises(Conflict):
            waiting.result(5)
    assert (tmp_path / "r.json").read_bytes() == b"two"


def test_a_disk_that_fails_may_recover(tmp_path: Path, content: Content) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        FolderStore(tmp_path).write("file/r.json", content(b"one"), None)


def test_what_the_system_denies_is_told_so(foreign_folder: Path) -> None:
    content = foreign_folder / "content.json"
    store = FolderStore(foreign_folder)
    with pytest.raises(AccessDenied):
        store.head("secret.pdf")
    with pytest.raises(AccessDenied):
        store.read("secret.pdf")
    with pytest.raises(AccessDenied):
        store.write("r.json", content, None)
    with pytest.raises(AccessDenied):
        store.head("locked/a.pdf")

"""A folder with addresses: what is signed is found, and nothing leads out of it."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from folio.errors import AccessDenied, NotFound, SourceGone, StoreUnavailable
from folio.stores.folder_bucket import FolderBucket, ServedFolder

HOUR = 3600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`scans/` with a document and its result, and beside it what is nobody's business."""
    (tmp_path / "scans" / "in" / "a.png.ocr").mkdir(parents=True)
    (tmp_path / "scans" / "in" / "a.png").write_bytes(b"picture")
    (tmp_path / "scans" / "in" / "a.png.ocr.json").write_bytes(b"{}")
    (tmp_path / "secret").write_bytes(b"secret")
    return tmp_path / "scans"


def bucket(folder: Path, results: Path | None = None, secret: str = "s") -> FolderBucket:
    return FolderBucket(ServedFolder(str(folder), str(results or ""), secret))


def query(store: FolderBucket, key: str, seconds: int = HOUR) -> str:
    return urlsplit(store.sign_download(key, "a name.png", seconds)).query


def test_an_address_leads_to_its_file(folder: Path) -> None:
    store = bucket(folder)
    address = store.sign_download("scans/in/a.png", "ä name.png", HOUR)
    assert address.startswith("/v1/folder/files?")
    linked = store.linked(urlsplit(address).query)
    assert (linked.path.read_bytes(), linked.name) == (b"picture", "ä name.png")
    assert store.linked(query(store, "scans/in/a.png.ocr.json")).path.read_bytes() == b"{}"


def test_a_name_that_is_no_unicode_is_found_again(folder: Path) -> None:
    name = os.fsdecode(b"\xff.png")
    (folder / name).write_bytes(b"odd")
    store = bucket(folder)
    assert store.linked(query(store, f"scans/{name}")).path.read_bytes() == b"odd"


def test_an_address_that_was_changed_is_refused(folder: Path) -> None:
    store = bucket(folder)
    good = query(store, "scans/in/a.png")
    for bad in (good.replace("a.png", "b.png"), good.replace("until=", "until=9"), good[:-1], "", "key=a&until=9"):
        with pytest.raises(NotFound, match="not valid"):
            store.linked(bad)
    with pytest.raises(NotFound, match="not valid"):
        bucket(folder, secret="of another server").linked(good)
    with pytest.raises(NotFound, match="not any more"):
        store.linked(query(store, "scans/in/a.png", seconds=-1))


def test_a_file_that_is_gone_is_told(folder: Path) -> None:
    with pytest.raises(NotFound, match="not there"):
        bucket(folder).linked(query(bucket(folder), "scans/none.png"))


def link_to_a_file(folder: Path) -> str:
    (folder / "link.png").symlink_to(folder.parent / "secret")
    return "scans/link.png"


def link_to_a_folder(folder: Path) -> str:
    (folder / "out").symlink_to(folder.parent)
    return "scans/out/secret"


def link_in_a_circle(folder: Path) -> str:
    (folder / "loop").symlink_to(folder / "loop")
    return "scans/loop/x"


@pytest.mark.parametrize(
    "lead_out",
    [link_to_a_file, link_to_a_folder, link_in_a_circle, lambda _: "scans/../secret", lambda _: "secret",
     lambda folder: str(folder.parent / "secret")],
)  # fmt: skip
@pytest.mark.parametrize("elsewhere", [False, True])
def test_nothing_leads_out(folder: Path, lead_out: Callable[[Path], str], elsewhere: bool) -> None:
    results = folder.parent / "results"
    results.mkdir()
    store = bucket(folder, results if elsewhere else None)
    key = lead_out(folder)
    with pytest.raises((AccessDenied, SourceGone)):
        store.head(key)
    with pytest.raises((AccessDenied, NotFound)):
        store.linked(query(store, key))
    with pytest.raises((AccessDenied, StoreUnavailable)):
        bucket(folder).read(key)


def test_results_elsewhere_are_of_a_folder_or_of_files_that_were_named(folder: Path) -> None:
    results = folder.parent / "results"
    for key in ("scans/in/a.png", "in/a.png"):
        (results / key).parent.mkdir(parents=True, exist_ok=True)
        (results / f"{key}.ocr.json").write_bytes(key.encode())
    store = bucket(folder, results)
    for key in ("scans/in/a.png", "in/a.png"):
        stored = store.read(f"{key}.ocr.json")
        assert stored
        assert stored.data == key.encode()
        assert store.head(key).bytes == len(b"picture")

"""The results below a folder as they lie there: found by their names, told apart by what the file system says."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from folio import keys

MAX_BYTES = 500_000_000  # of one result, which is held in memory whole while it is indexed


class ResultFile(Struct, frozen=True):
    """A result: its name below the folder, that of its corrections, and what changes when either does."""

    name: str
    review: str
    signature: str


def result_files(folder: Path) -> dict[str, ResultFile]:
    """Return the results below a folder by their names. Hidden files and symbolic links to folders are passed over, as
    `folio read` does, and results of some pages where all were read.
    """
    listed = {name: entry for name, entry in _below(os.fspath(folder), "") if name.endswith(".json")}
    files: dict[str, ResultFile] = {}
    for name, entry in listed.items():
        if (located := document_of(name)) is None:
            continue
        document, scope = located
        is_of_attached = scope.rpartition("-")[0].endswith("of-attached")
        if scope and not is_of_attached and keys.result_key(document) in listed:
            continue
        signature = _signature(entry)
        if signature is not None:
            review = keys.review_key(document, scope)
            corrected = (_signature(listed[review]) or "") if review in listed else ""
            files[name] = ResultFile(name, review, f"{signature} {corrected}")
    return files


def content(path: Path) -> bytes | None:
    """Return the bytes of a regular file; None if it is not there any more, none, or too large."""
    try:
        # What became a pipe since it was listed would be waited for without end.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            return file.read() if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_BYTES else None
    except OSError:
        return None


def document_of(name: str) -> tuple[str, str] | None:
    """Return the document that a name is the result of, and the part that was read (empty: all of it)."""
    if name.endswith(keys.RESULT):
        return name.removesuffix(keys.RESULT), ""
    document = keys.source_of_part(name)
    scope = keys.part_of(document, name) if document else None
    return (document, scope) if document and scope else None


def _below(folder: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    folders = [(folder, prefix)]
    while folders:
        path, before = folders.pop()
        try:
            entries = list(os.scandir(path))
        except OSError:  # gone, or not for us
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, f"{before}{entry.name}/"))
            else:
                yield before + entry.name, entry


def _signature(entry: os.DirEntry[str]) -> str | None:
    """Return what changes with a file: results are replaced by renaming, so the inode tells what a clock hides."""
    try:
        status = entry.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"

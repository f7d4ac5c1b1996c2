"""ZIP files: each file in them a part, in the order of the archive."""

from pathlib import Path

from folio.documents.formats.archive import open_archive
from folio.documents.formats.base import Contents, Entry, Format, Limits, Start
from folio.errors import EmptyDocument, TooLarge

MEDIA_TYPE = "application/zip"
_MAX_FILES = 1_000
_OURS_OF_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    with open_archive(path, limits, as_whole=False) as archive:
        names = [name for name in archive.names if not _is_of_a_system(name)]
        if len(names) > _MAX_FILES:
            raise TooLarge(f"The archive has {len(names)} files, more than the {_MAX_FILES} allowed.")
        remaining, entries = limits.max_bytes, list[Entry]()
        for index, name in enumerate(names):
            size, target, title = archive.size(name), folder / f"file{index}", archive.title(name)
            if size > remaining:
                reason = f"It has {size} bytes, more than the {remaining} that may still be unpacked of the archive."
                entries.append(Entry(kind="file", path=target, name=title, too_large=reason))
                continue
            entries.append(Entry(kind="file", path=archive.extract(name, target), name=title))
            remaining -= size
    if not entries:
        raise EmptyDocument("The archive has no files in it.")
    return Contents(media_type=MEDIA_TYPE, entries=tuple(entries))


def _is_of_a_system(name: str) -> bool:
    """Return whether a file is what systems add to archives, and nobody's document."""
    return name.startswith(_OURS_OF_SYSTEMS[0]) or name.rpartition("/")[2] in _OURS_OF_SYSTEMS[1:]


def _is_zip(start: Start) -> bool:
    return start.is_zip


FORMAT = Format(
    name="ZIP", media_types=(MEDIA_TYPE, "application/x-zip-compressed"), suffixes=(".zip",), is_one=_is_zip,
    unpack=_unpack,
)  # fmt: skip

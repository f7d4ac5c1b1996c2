"""Whether a document is small enough to be read at all, before it is fetched."""

import shutil
from pathlib import Path

from folio.config.settings import Settings
from folio.errors import EmptyDocument, TooLarge

_COPIES = 2  # of the source: itself, and a searchable PDF of it


def check_bytes(size: int, settings: Settings) -> None:
    """Refuse by size alone, before anything is fetched. Raises EmptyDocument, TooLarge."""
    if size == 0:
        raise EmptyDocument("The document is empty (0 bytes).")
    if size > settings.max_bytes:
        raise TooLarge(f"The document has {size} bytes, more than the {settings.max_bytes} allowed.")


def check_room(size: int, folder: Path) -> None:
    """Refuse a document of so many bytes if the disk of a scratch folder can never hold it. Raises TooLarge."""
    total = shutil.disk_usage(folder).total
    if size * _COPIES > total:
        raise TooLarge(
            f"The document has {size} bytes; the scratch space of {total} bytes does not hold it and its outputs."
            " Raise EphemeralStorage of the stack, or the room in TMPDIR."
        )

"""One document, read by a call."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from folio.errors import BadOption
from folio.library.document import Document

type OptionValue = str | int | float | Iterable[str | int] | None


def read(source: str | os.PathLike[str] | bytes, *, jobs: int | None = None, **options: OptionValue) -> Document:
    """Read a document: a path to it, or its content. Nothing is written beside it.

    `options` are those of `folio read`, with underscores: languages="chi_sim", pages="1-3", dpi=200; those that take
    several values take a list too. None is the same as not given; what is not given is as the environment says, as on
    the command line. `jobs` is how many pages are read at once, one per core by default.

    Raise the errors of `folio.errors`: BadOption for an option that is not known or has no such value, SourceGone,
    UnsupportedType, PasswordProtected, DamagedDocument, TooLarge, ToolMissing and others. Where only some pages cannot
    be read, the document's `status` is "partial".
    """
    import msgspec

    from folio.desk.local import read_file
    from folio.options.settings import load_settings
    from folio.wiring import local_services

    settings = load_settings()
    if jobs:
        settings = msgspec.structs.replace(settings, jobs=jobs)
    requested = as_text(options)
    if "outputs" in requested:
        raise BadOption("The option outputs is for files beside a document; here `save` makes them.")
    with tempfile.TemporaryDirectory(prefix="folio-read-") as name:
        folder = Path(name)
        if isinstance(source, bytes):
            file = folder / "document"
            file.write_bytes(source)
        else:
            file = Path(source).absolute()
        result = read_file(file, requested | {"outputs": "none"}, folder / "results", local_services(settings))
    return Document(result, source if isinstance(source, bytes) else file, settings)


def as_text(options: Mapping[str, OptionValue]) -> dict[str, str]:
    """Return options as the command line has them, without those that are None."""
    return {name: _text(value) for name, value in options.items() if value is not None}


def _text(value: str | int | float | Iterable[str | int]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ",".join(map(str, value))

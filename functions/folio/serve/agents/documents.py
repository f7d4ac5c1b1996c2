"""The documents that agents may read: those in the folders that were named, and nothing that leads out of them."""

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from folio import keys
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.desk.local import LocalFile, find_files, stored_result
from folio.errors import BadOption, SourceGone
from folio.models import Result, decode
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.wiring import local_services

# What an agent may choose. Who is paid, what is masked and what is written beside documents is the installation's.
OPTIONS = ("attachment", "codes", "dpi", "frames", "languages", "mode", "ocr", "pages", "recipe")
_POLL_SECONDS = 0.25  # between two looks whether who waits for another reading has gone
_MAX_PATH = 4096  # characters


class AgentDocuments:
    """Documents by their paths: absolute ones, or relative to one of the folders."""

    def __init__(self, folders: Sequence[Path], results: Path | None, scratch: Path, settings: Settings) -> None:
        """Results go beside the documents, or below `results` as `folio read DIR -o` puts them. What is read with
        options goes into `scratch`, so that no agent replaces a result. Raise BadOption for folders whose results
        would overwrite each other.
        """
        self._folders = tuple(dict.fromkeys(folder.resolve() for folder in folders))
        if results and len({folder.name for folder in self._folders}) < len(self._folders):
            raise BadOption("Folders of one name would overwrite each other's results; leave out -o, or rename them.")
        self._results, self._scratch, self._settings = results, scratch, settings
        self._local = local_services(settings)
        self._reading = threading.Lock()  # one document at a time: its pages already keep all cores busy

    def paths(self) -> Iterator[Path]:
        """Yield the documents in the folders, without hidden files and what leads out. Raises SourceGone."""
        for file in find_files([str(folder) for folder in self._folders]).files:
            path = file.root / file.key
            if self._root_of(path.resolve()):
                yield path

    def result(self, path: str, options: Mapping[str, str], deadline: Deadline) -> Result:
        """Return the result of a document; read it if there is none of what the file holds now.

        Raises BadOption and SourceGone for the path and the options, and what keeps a document from being read.
        """
        if unknown := sorted(set(options) - set(OPTIONS)):
            raise BadOption(f"The option {unknown[0][:40]!r} is not for agents; choose from {', '.join(OPTIONS)}.")
        file, root = self._locate(path)
        where = LocalFile(root.parent, file.relative_to(root.parent).as_posix())
        if options:
            return self._read(where, options, self._scratch / _digest(str(root), options), deadline)
        self._require_inside(where, root)
        return self._existing(where) or self._read(where, options, self._results, deadline)

    def _locate(self, path: str) -> tuple[Path, Path]:
        """Return the real path of a document and the folder it is in. Raises BadOption, SourceGone."""
        if not path or len(path) > _MAX_PATH or "\0" in path:
            raise BadOption("The path is empty, or is not one that a file can have.")
        missing = False
        for folder in self._folders:
            try:
                file = (folder / path).resolve()
                root = self._root_of(file)
                if root and file.is_file():
                    return file, root
            except (OSError, RuntimeError):  # links in a circle, names too long
                continue
            missing = missing or bool(root)
        if missing:
            raise SourceGone(f"There is no file {path[:200]!r} in the folders that are allowed here.")
        raise BadOption(f"The path {path[:200]!r} is not in the folders that are allowed here.")

    def _root_of(self, file: Path) -> Path | None:
        """Return the folder that a real path is in, without a hidden file or folder on the way."""
        for folder in self._folders:
            if file.is_relative_to(folder) and not any(part.startswith(".") for part in file.relative_to(folder).parts):
                return folder
        return None

    def _require_inside(self, where: LocalFile, root: Path) -> None:
        """Refuse a result that is a link to something elsewhere."""
        tree = self._results.resolve() if self._results else root
        result = (self._results or where.root) / keys.result_key(where.key)
        if not result.resolve().is_relative_to(tree):
            raise BadOption("The result beside the document is a link that leads out of the folder; remove it.")

    def _existing(self, where: LocalFile) -> Result | None:
        """Return the result that is there, by whatever options, if it is of what the file holds now.

        Where something is to be masked, the pipeline decides: an older result may show it.
        """
        store = FolderStore(where.root, self._results)
        stored = None if self._settings.options.redact else store.read(keys.result_key(where.key))
        if stored is None:
            return None
        try:
            result = decode(stored.data, Result)
        except msgspec.DecodeError:
            return None
        return result if result.source.etag == store.head(where.key).etag else None

    def _read(self, where: LocalFile, options: Mapping[str, str], results: Path | None, deadline: Deadline) -> Result:
        while not self._reading.acquire(timeout=_POLL_SECONDS):
            deadline.timeout(_POLL_SECONDS)
        try:
            requested = dict(options) | ({"outputs": "none"} if options else {})
            request = Request(key=where.key, options=requested, retry_failed=True)
            outcome = read_upload(request, self._local.on_folder(where.root, results), deadline)
        finally:
            self._reading.release()
        result = stored_result(where, outcome, results)
        if result is None:
            raise outcome.error or BadOption("This is a file that Folio wrote, not a document; name the document.")
        return result


def _digest(root: str, options: Mapping[str, str]) -> str:
    return hashlib.sha256(repr((root, sorted(options.items()))).encode()).hexdigest()[:16]

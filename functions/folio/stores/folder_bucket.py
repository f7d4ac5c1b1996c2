"""A folder of this machine with addresses for its files, as `folio serve DIR` shows it: nothing outside of it."""

import hashlib
import hmac
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import Struct

from folio.errors import AccessDenied, NotFound
from folio.stores.folder import FolderStore

FILES = "/v1/folder/files"  # where `folio serve` answers with a file, as an S3 does under a presigned URL


class ServedFolder(Struct, frozen=True):
    """A folder of documents, and that of their results (empty: beside them), both as they truly lie; with `secret`
    addresses of files are signed.
    """

    folder: str
    results: str
    secret: str


class LinkedFile(Struct, frozen=True):
    """A file that an address leads to, and the name under which it is saved."""

    path: Path
    name: str


class FolderBucket(FolderStore):
    """Keys begin with the folder's name, as `folio read DIR` has them. Where results lie elsewhere they may also be of
    files that were named one by one (`folio read DIR/* -o RESULTS`), without it.

    A name that leads out of the folder, by a link or by "..", is refused.
    """

    def __init__(self, served: ServedFolder) -> None:
        self.folder = Path(served.folder)
        self.results = Path(served.results) if served.results else self.folder
        self.prefix = f"{self.folder.name}/" if self.folder.name else ""
        self._elsewhere = bool(served.results)
        self._secret = served.secret.encode()
        super().__init__(self.folder.parent, self.results if self._elsewhere else self.folder.parent)

    def _source(self, key: str) -> Path:
        path = self.folder.parent / key
        if self._elsewhere and not (key.startswith(self.prefix) and path.exists()):
            path = self.folder / key
        return _inside(path, self.folder)

    def _result(self, key: str) -> Path:
        return _inside(super()._result(key), self.results)

    def result_path(self, key: str) -> Path:
        """Return where a file of Folio's own lies. Raises AccessDenied."""
        return self._result(key)

    def sign_download(self, key: str, name: str, seconds: int) -> str:
        """Return the address of a file below that of the server. It holds for `seconds`."""
        signed = {"key": key, "name": name, "until": str(int(time.time()) + seconds)}
        query = {**signed, "signature": self._signature(signed)}
        return f"{FILES}?{urlencode(query, errors='surrogateescape')}"

    def linked(self, query: str) -> LinkedFile:
        """Return the file of an address that was signed. Raises NotFound, also for one that does not hold any more."""
        requested = dict(parse_qsl(query, errors="surrogateescape"))
        signed = {name: requested.get(name, "") for name in ("key", "name", "until")}
        is_ours = hmac.compare_digest(self._signature(signed).encode(), requested.get("signature", "").encode())
        if not is_ours or int(signed["until"]) < time.time():
            raise NotFound("This address of a file is not valid, or not any more.")
        for path in (self._result(signed["key"]), self._source(signed["key"])):
            if path.is_file():
                return LinkedFile(path, signed["name"])
        raise NotFound("The file is not there any more.")

    def _signature(self, signed: dict[str, str]) -> str:
        text = "\n".join(signed.values()).encode("utf-8", "surrogateescape")
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()


def _inside(path: Path, folder: Path) -> Path:
    """Return a path that lies in a folder, links followed. Raises AccessDenied."""
    try:
        is_inside = path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError, ValueError):  # links in a circle, names that no file can have
        is_inside = False
    if not is_inside:
        raise AccessDenied("This leads out of the folder that is served.")
    return path


def served_folder(text: str) -> FolderBucket | None:
    """Return the folder that a process was told to serve (`ServedFolder` as JSON); None without one."""
    return FolderBucket(msgspec.json.decode(text, type=ServedFolder)) if text else None

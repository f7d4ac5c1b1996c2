"""`folio watch`: every file that comes is read once and whole, whatever happens to it or to the watcher meanwhile."""

import hashlib
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from folio.models import Result, decode
from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.processes.running import FOLIO, alongside, environment, folio, stop_tree, wait_until
from tests.support.sizes import size
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("files that come over some time")]

FILES = size(60, full=500)
STABLE = "1.5"
WORDS = ("lantern", "meadow", "harbour", "orchard", "thimble", "compass")


def document(name: str) -> bytes:
    """A PDF with a text of its own, which is read in a blink."""
    words = random.Random(name).choices(WORDS, k=8)
    return make_pdf(PdfPage(content=text(f"{name} {' '.join(words)}")))


@contextmanager
def watching(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder.parent / "watch.log").open("ab") as log:
        process = subprocess.Popen(
            [*FOLIO, "watch", str(folder), "--stable", STABLE, "--poll", "0.2", *arguments],
            env=environment(FOLIO_OUTPUTS=""),
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            stop_tree(process.pid)
            process.wait()


def stopped(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


def result(path: Path) -> Path:
    return path.with_name(f"{path.name}.ocr.json")


class Seen:
    """Every result and error that ever lay in a folder: the etags of their documents, in order, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._versions: dict[Path, tuple[int, int]] = {}
        self.etags: dict[str, list[str]] = defaultdict(list)
        self.errors: list[str] = []

    def __call__(self, ended: threading.Event) -> None:
        while not ended.wait(0.02):
            self.look()

    def look(self) -> None:
        for path in self._folder.glob("*.ocr*.json"):
            with suppress(FileNotFoundError):
                found = path.stat()
                version = found.st_ino, found.st_mtime_ns
                if self._versions.get(path) == version:
                    continue
                self._versions[path] = version
                if path.name.endswith(".error.json"):
                    self.errors.append(f"{path.name}: {path.read_text()}")
                else:
                    name = path.name.removesuffix(".ocr.json")
                    self.etags[name].append(decode(path.read_bytes(), Result).source.etag)


class Office:
    """People who put files into a folder, each in another way; `final` is what must be read in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.final: dict[str, bytes] = {}
        self.ways: list[Callable[[str], None]] = [self.at_once, self.growing, self.in_steps, self.by_a_browser]
        self.ways += [self.renamed, self.renamed_when_read, self.replaced, self.replaced_when_read]

    def at_once(self, name: str) -> None:
        (self.folder / name).write_bytes(self.written(name))

    def written(self, name: str, content: bytes | None = None) -> bytes:
        self.final[name] = content or document(name)
        return self.final[name]

    def growing(self, name: str) -> None:
        """By a program that keeps the file open for longer than a file must not change."""
        content = self.written(name)
        with (self.folder / name).open("wb") as file:
            file.write(content[:200])
            file.flush()
            time.sleep(float(STABLE) + 0.7)
            file.write(content[200:])

    def in_steps(self, name: str) -> None:
        content = self.written(name)
        for start in range(0, len(content), 1 + len(content) // 4):
            with (self.folder / name).open("ab") as file:
                file.write(content[start : start + 1 + len(content) // 4])
            time.sleep(0.1)

    def by_a_browser(self, name: str) -> None:
        part = self.folder / f"{name}.part"
        part.write_bytes(self.written(name))
        time.sleep(0.3)
        part.rename(self.folder / name)

    def renamed(self, name: str) -> None:
        (self.folder / f"old-{name}").write_bytes(self.written(name))
        time.sleep(0.1)
        (self.folder / f"old-{name}").rename(self.folder / name)

    def renamed_when_read(self, name: str) -> None:
        old = self.folder / f"old-{name}"
        old.write_bytes(self.written(name))
        wait_until(lambda: result(old).exists(), size(100, full=700))
        old.rename(self.folder / name)

    def replaced(self, name: str) -> None:
        (self.folder / name).write_bytes(document(f"first {name}"))
        time.sleep(0.1)
        self._replace(name)

    def replaced_when_read(self, name: str) -> None:
        (self.folder / name).write_bytes(document(f"first {name}"))
        wait_until(lambda: result(self.folder / name).exists(), size(100, full=700))
        self._replace(name)

    def _replace(self, name: str) -> None:
        other = self.folder / f".{name}"
        other.write_bytes(self.written(name, document(f"second {name}")))
        other.replace(self.folder / name)


def all_read(office: Office) -> bool:
    def is_read(name: str, content: bytes) -> bool:
        path = result(office.folder / name)
        with suppress(FileNotFoundError):
            return decode(path.read_bytes(), Result).source.etag == hashlib.sha256(content).hexdigest()
        return False

    return len(office.final) == FILES and all(is_read(*one) for one in office.final.items())


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_each_file_is_read_once_and_none_half(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    office, seen = Office(folder), Seen(folder)
    rng = random.Random(17)

    def work(ended: threading.Event) -> None:
        people = []
        for number in range(FILES):
            way = office.ways[number % len(office.ways)]
            people.append(threading.Thread(target=way, args=(f"{number:03}-{way.__name__}.pdf",), daemon=True))
            people[-1].start()
            time.sleep(rng.uniform(0, 0.1))
        for person in people:
            person.join()

    with alongside(seen), alongside(work):
        for pause in (4.0, 6.0):
            with watching(folder) as process:
                time.sleep(pause)
                assert process.poll() is None, (tmp_path / "watch.log").read_text()
                stop_tree(process.pid)  # SIGKILL, to all
        with watching(folder) as process:
            wait_until(lambda: all_read(office), size(120, full=700))
            time.sleep(2 * float(STABLE))  # whatever would still be read again
            stopped(process)
    seen.look()
    log = (tmp_path / "watch.log").read_text()
    assert seen.errors == [], log
    for name, content in office.final.items():
        etags = seen.etags[name]
        assert len(etags) == len({*etags}), f"{name} was read twice as it is"
        assert etags[-1] == hashlib.sha256(content).hexdigest()
        known = {hashlib.sha256(one).hexdigest() for one in (content, document(f"first {name}"))}
        assert {*etags} <= known, f"{name} was read half"
        assert decode(result(folder / name).read_bytes(), Result).source.key == f"inbox/{name}"
    assert len([name for name in seen.etags if "replaced_when" in name and len(seen.etags[name]) == 2]) > 0
    assert "Traceback" not in log


def test_a_renamed_file_keeps_its_result_and_gets_its_outputs(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    (folder / "sub").mkdir(parents=True)
    old, new = folder / "old.pdf", folder / "sub" / "new.pdf"
    old.write_bytes(document("one"))
    with watching(folder, "--outputs", "text", "-o", str(tmp_path / "out")) as process:
        out = tmp_path / "out" / "inbox"
        # Told: a file that is gone before is none any more, and its result goes with it.
        wait_until(lambda: "old.pdf" in (tmp_path / "watch.log").read_text("utf-8"))
        first = decode(result(out / "old.pdf").read_bytes(), Result)
        old.rename(new)
        wait_until((out / "sub" / "new.pdf.ocr" / "text.txt").exists)
        stopped(process)
    second = decode(result(out / "sub" / "new.pdf").read_bytes(), Result)
    assert second.timings == first.timings, "it was not read again"
    assert second.source.key == "inbox/sub/new.pdf"
    assert second.text.startswith("one ")
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["new.pdf"]


def test_damaged_files_foreign_ones_and_a_second_watcher(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "notes.bin").write_bytes(b"\x7fELF\x00\x01\x02\x03")
    (folder / "empty.pdf").touch()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    log = tmp_path / "watch.log"
    with watching(folder) as process:
        wait_until((folder / "broken.pdf.ocr.error.json").exists)
        second = folio("watch", folder, cwd=tmp_path)
        assert (second.code, "is being watched already" in second.err) == (75, True)
        (folder / "broken.pdf").write_bytes(document("mended"))
        wait_until(lambda: result(folder / "broken.pdf").exists())
        wait_until(lambda: not (folder / "broken.pdf.ocr.error.json").exists())
        (folder / "broken.pdf").unlink()
        time.sleep(1)
        stopped(process)
    assert sorted(path.name for path in folder.iterdir()) == ["broken.pdf.ocr.json", "empty.pdf", "notes.bin"]
    assert log.read_text().count("failed: inbox/broken.pdf: ") == 1


def test_options_and_folders_are_checked_before_anything(tmp_path: Path) -> None:
    assert folio("watch", "nothing", cwd=tmp_path).code == 66
    (tmp_path / "in").mkdir()
    assert folio("watch", "in", "--outputs", "pfd", cwd=tmp_path).code == 2
    assert sys.platform != "linux" or list((tmp_path / "in").iterdir()) == []

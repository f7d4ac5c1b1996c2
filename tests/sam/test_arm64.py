"""The arm64 programs, run by qemu on another machine, say what those for this machine say."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec import Struct
from PIL import Image

from tests.sam.conftest import ARCHITECTURE, COMPLETE, Container, missing
from tests.support.documents.fonts import CHINESE, chinese_pdf
from tests.support.paths import DATA

QEMU = next(filter(None, map(shutil.which, ("qemu-aarch64-static", "qemu-aarch64"))), None)
GLIBC = Path("/usr/aarch64-linux-gnu/lib")  # where Debian's libc6-arm64-cross has it

pytestmark = pytest.mark.skipif(ARCHITECTURE == "arm64", reason="Here all the other tests run the arm64 programs.")


class Emulated(Struct, frozen=True):
    """One program at a time, with the layer in /opt and nothing in its environment but PATH."""

    root: Path

    def run(self, program: str, *arguments: str, given: bytes | None = None) -> bytes:
        """The program's standard output."""
        command = [str(QEMU), "-L", str(self.root), str(self.root / "opt" / "bin" / program), *arguments]
        environment = {"PATH": os.environ["PATH"]}
        done = subprocess.run(command, input=given, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


@pytest.fixture(scope="module")
def arm64(tmp_path_factory: pytest.TempPathFactory) -> Emulated:
    """qemu looks for every absolute path below this folder first: the loader, glibc, and what lies in /opt."""
    if "arm64" not in COMPLETE:
        pytest.skip("The layers for arm64 are not built; run `make layers ARCH=arm64`.")
    if not QEMU or not GLIBC.is_dir():
        missing("Running arm64 programs needs the packages qemu-user-static and libc6-arm64-cross.")
    root = tmp_path_factory.mktemp("arm64")
    (root / "lib").symlink_to(GLIBC)
    (root / "opt").symlink_to(COMPLETE["arm64"] / "ocr-tools")
    return Emulated(root)


@pytest.fixture(scope="module")
def page(container: Container) -> bytes:
    """The first page of the English sample, drawn once for both."""
    pdf = (DATA / "english.pdf").read_bytes()
    return container.bare("pdftoppm", "-r", "150", "-gray", "-singlefile", "-", given=pdf)


def test_tesseract_finds_its_languages(arm64: Emulated) -> None:
    assert {"eng", "chi_sim", "osd"} <= set(arm64.run("tesseract", "--list-langs").decode().split())


def test_an_english_page_reads_the_same(arm64: Emulated, container: Container, page: bytes) -> None:
    command = ("tesseract", "-", "-", "--dpi", "300")
    text = arm64.run(*command, given=page).decode()
    assert "Larkfield" in text
    assert text == container.bare(*command, given=page).decode()


def test_a_chinese_page_reads_the_same(arm64: Emulated, container: Container) -> None:
    command = ("tesseract", "-", "-", "-l", "chi_sim", "--dpi", "300")
    scan = (DATA / "chinese.png").read_bytes()
    text = arm64.run(*command, given=scan).decode()
    assert "图书馆" in text.replace(" ", "")
    assert text == container.bare(*command, given=scan).decode()


def test_a_page_is_drawn_the_same(arm64: Emulated, container: Container) -> None:
    command = ("pdftoppm", "-r", "150", "-gray", "-singlefile", "-")
    drawn = (run(*command, given=chinese_pdf()) for run in (arm64.run, container.bare))
    ours, theirs = (Image.open(io.BytesIO(data)) for data in drawn)
    assert ours.size == theirs.size
    difference = sum(abs(a - b) for a, b in zip(ours.tobytes(), theirs.tobytes(), strict=True))
    ink = sum(255 - value for value in theirs.tobytes())
    assert ink > 255 * 100 * len(CHINESE)
    assert difference < ink / 100, "rounding at the edges at most"


def test_poppler_reads(arm64: Emulated) -> None:
    assert b"Pages:           1\n" in arm64.run("pdfinfo", "-", given=chinese_pdf())
    assert CHINESE in arm64.run("pdftotext", "-", "-", given=chinese_pdf()).decode()

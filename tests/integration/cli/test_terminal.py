"""`folio read` at a terminal: the progress bar, and Ctrl-C."""

import os
import pty
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from folio.models import Result, decode
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import FOLIO, environment, folio, wait_until

TEXT = ("lantern", "meadow", "harbour", "orchard", "thimble")
MANY = 24  # pages: not all read before a busy machine gets round to interrupting


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    (tmp_path / "scratch").mkdir()
    return folder


def scan(desk: Path, pages: int) -> Path:
    page = PdfPage(picture=words(*TEXT))
    (desk / "scan.pdf").write_bytes(make_pdf(*[page] * pages))
    return desk / "scan.pdf"


def read_all(descriptor: int) -> str:
    """What was written to a terminal until its other end was closed, which Linux answers with an error."""
    data = b""
    while True:
        try:
            piece = os.read(descriptor, 4096)
        except OSError:
            return data.decode()
        if not piece:
            return data.decode()
        data += piece


@pytest.mark.slow("two runs of folio, at a terminal and not")
def test_bar_is_shown_on_a_terminal_only(desk: Path) -> None:
    scan(desk, 2)
    ours, theirs = pty.openpty()
    with subprocess.Popen([*FOLIO, "read", "scan.pdf"], cwd=desk, env=environment(TERM="xterm"), stderr=theirs) as ran:
        os.close(theirs)
        shown = read_all(ours)
    os.close(ours)
    assert ran.returncode == 0
    assert re.search(r"Reading .*100%.*1/1 files, 2 pages", shown)
    assert shown.rstrip().endswith("1 file: 1 complete; 2 pages read.")
    assert folio("read", "scan.pdf", "--force", cwd=desk).summary == "1 file: 1 complete; 2 pages read."


def hold(tool: str, folder: Path) -> Path:
    """The real tool under its name in a folder, but for that it ends only when "held" is away, which it makes itself
    once it has done something with a document. The path of that.
    """
    folder.mkdir()
    held = folder / "held"
    script = folder / tool
    script.write_text(f"""#!/bin/sh
{shutil.which(tool)} "$@" || exit
case "$1" in -v|--*) exit ;; esac
[ -e {held}.before ] && exit
touch {held} {held}.before
while [ -e {held} ]; do sleep 0.1; done
""")
    script.chmod(0o755)
    return held


@pytest.mark.slow("two runs of 24 pages, of which the first is interrupted")
@pytest.mark.parametrize("tool", ["pdfinfo", "pdftoppm", "tesseract"])
def test_interrupted_run_leaves_nothing_half_done(desk: Path, tmp_path: Path, tool: str) -> None:
    """Ctrl-C reaches the whole process group, whatever foreign program runs at that moment."""
    scan(desk, MANY)
    held = hold(tool, tmp_path / "tools")
    env = environment(TMPDIR=str(tmp_path / "scratch"))
    process = subprocess.Popen(
        [*FOLIO, "read", "scan.pdf", "--jobs", "2"],
        cwd=desk,
        env=env | {"PATH": f"{held.parent}:{env['PATH']}"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(held.exists)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(1)  # until it knows, on a busy machine
    held.unlink()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.fullmatch(r"\s*folio: Stopped\. .+ run the same command again to go on\.\n", err)
    assert [file.name for file in desk.iterdir()] == ["scan.pdf"], "nothing whole, so nothing at all"
    assert list((tmp_path / "scratch").iterdir()) == []

    again = folio("read", "scan.pdf", cwd=desk)
    assert again.code == 0
    read = decode((desk / "scan.pdf.ocr.json").read_bytes(), Result)
    assert [page.text.split() for page in read.pages] == [list(TEXT)] * MANY


@pytest.mark.slow("Tesseract itself reads, twice")
@pytest.mark.usefixtures("real_engine")
def test_finished_files_survive_an_interrupt(desk: Path) -> None:
    scan(desk, 12)
    words("lantern", size=(420, 120), at=(40, 30)).save(desk / "a.png")
    command = [*FOLIO, "read", "a.png", "scan.pdf", "--jobs", "1"]
    process = subprocess.Popen(command, cwd=desk, env=environment(), stderr=subprocess.DEVNULL, start_new_session=True)
    wait_until((desk / "a.png.ocr.json").exists)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == 130
    assert sorted(file.name for file in desk.iterdir()) == ["a.png", "a.png.ocr.json", "scan.pdf"]
    again = folio("read", "a.png", "scan.pdf", cwd=desk)
    assert (again.code, again.summary) == (0, "2 files: 1 already-read, 1 complete; 12 pages read.")

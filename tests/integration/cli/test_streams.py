"""Whatever becomes of standard output and standard error: a sentence, an exit code, and the results are written."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from folio.models import Result, decode
from tests.support.documents.fonts import CHINESE, chinese_pdf
from tests.support.processes.running import FOLIO, environment
from tests.support.tools import needs_tools

pytestmark = needs_tools

NOT_WRITTEN = 74
READ = ("read", "a.pdf", "--text", "--ocr", "never")
UNUSABLE = {"full": ">/dev/full", "closed": ">&-", "closed pipe": "| true", "read only": "1</dev/null"}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "a.pdf").write_bytes(chinese_pdf())
    return tmp_path


def run(desk: Path, *arguments: str, redirected: str = "", **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Run `folio` by a shell that redirects its streams; the exit code is folio's own."""
    command = shlex.join([*FOLIO, *arguments])
    if redirected.startswith("|"):  # which must have ended before something is written
        command = f"({command}; echo $? >code) 2>err {redirected}; cat err >&2; exit $(cat code)"
    else:
        command = f"exec {command} {redirected}"
    return subprocess.run(
        ["sh", "-c", command], cwd=desk, env=environment(**settings), capture_output=True, check=False
    )


def text_of(desk: Path) -> str:
    return decode((desk / "a.pdf.ocr.json").read_bytes(), Result).text


@pytest.mark.slow("each case starts folio, which reads")
@pytest.mark.parametrize("how", UNUSABLE)
def test_a_standard_output_that_cannot_be_written_is_told(how: str, desk: Path) -> None:
    done = run(desk, *READ, redirected=UNUSABLE[how])
    told = done.stderr.decode()
    assert done.returncode == NOT_WRITTEN
    assert "folio: Standard output could not be written" in told
    assert "1 file: 1 complete" in told
    assert "Traceback" not in told
    assert "Exception ignored" not in told
    assert text_of(desk) == CHINESE


@pytest.mark.slow("several runs of folio")
@pytest.mark.parametrize("command", [("check",), ("providers",), ("--help",), ("inspect", "a.pdf", "--ocr", "never")])
def test_every_command_tells_it(command: tuple[str, ...], desk: Path) -> None:
    done = run(desk, *command, redirected=">/dev/full")
    assert done.returncode == NOT_WRITTEN
    assert done.stderr.decode().count("\n") == 1


def test_a_standard_output_that_nothing_is_written_to_may_be_closed(desk: Path) -> None:
    done = run(desk, "read", "a.pdf", "--ocr", "never", redirected=">&-")
    assert done.returncode == 0
    assert done.stderr.decode().endswith("\n1 file: 1 complete; 1 page read.\n")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_characters_that_an_encoding_lacks_are_written_as_escape_sequences(encoding: str, desk: Path) -> None:
    done = run(desk, *READ, PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert done.stdout.decode(encoding) == CHINESE.encode("ascii", "backslashreplace").decode() + "\n"
    assert text_of(desk) == CHINESE


@pytest.mark.parametrize("how", ["2>&-", "2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
def test_without_a_standard_error_the_work_is_done(how: str, desk: Path) -> None:
    done = run(desk, *READ, redirected=how)
    assert done.returncode == (NOT_WRITTEN if ">&- 2" in how else 0)
    assert text_of(desk) == CHINESE
    assert (desk / "a.pdf").read_bytes() == chinese_pdf(), "what was opened first was not taken for a stream"


def test_an_error_has_its_exit_code_though_it_cannot_be_told(desk: Path) -> None:
    assert run(desk, "read", "none.pdf", redirected="2>&-").returncode == run(desk, "read", "none.pdf").returncode != 0


NAME = b"scan-\xff\xe9.pdf"


@pytest.mark.slow("three runs of folio")
def test_a_name_that_is_not_utf_8_is_a_name_like_any(desk: Path) -> None:
    name = os.fsdecode(NAME)
    (desk / "a.pdf").rename(desk / name)
    done = run(desk, "read", ".", "--text", "--outputs", "text,pdf,hocr,alto,markdown", "--ocr", "never")
    assert (done.returncode, done.stdout.decode().strip()) == (0, CHINESE), done.stderr
    content = (desk / f"{name}.ocr.json").read_bytes()
    assert decode(content, Result).source.key.endswith("/scan-\ufffd\ufffd.pdf")
    assert content.decode()
    assert (desk / f"{name}.ocr" / "text.txt").exists()
    done = run(desk, "inspect", name, "--ocr", "never")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == os.fsencode(desk) + b"/" + NAME + b".inspect.html\n"
    (desk / name).write_bytes(b"\x00no document")
    done = run(desk, "read", name)
    assert done.returncode == 65
    assert NAME in done.stderr
    assert (desk / f"{name}.ocr.error.json").read_bytes().decode()

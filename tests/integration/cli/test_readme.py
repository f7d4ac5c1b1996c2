"""The commands of README.md, run from its own text: what a stranger types does what the line says."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.support.clouds import Servers, variables
from tests.support.documents import cards
from tests.support.documents.pdfs import words
from tests.support.paths import DATA, ROOT
from tests.support.processes.running import environment, stop_tree, wait_until
from tests.support.processes.serving import serving
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("all commands of the README, each a process")]

TEXT = (ROOT / "README.md").read_text("utf-8")
# What cannot be done here, and what is looked at instead.
ELSEWHERE = {
    "make test": "this is it",
    "make demo": "tests/integration/cli/test_cli.py runs it",
    "make build": "tests/sam runs what it makes",
    ".venv/bin/sam deploy --guided": "it needs an account; tests/unit/template holds the template",
    "aws s3 cp invoice.pdf s3://BUCKET/": "it needs an account",
    "make setup && . .venv/bin/activate": "this environment is what it makes",
    "folio watch inbox/": "it runs until Ctrl-C: below",
    "folio serve": "it runs until Ctrl-C: below",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [command for line in lines if (command := re.sub(r"\s+#.*", "", line).strip())]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The files that the README speaks of."""
    shutil.copy(DATA / "english.pdf", tmp_path / "invoice.pdf")
    shutil.copy(DATA / "english.pdf", tmp_path / "scan.pdf")
    (tmp_path / "scans").mkdir()
    shutil.copy(DATA / "chinese.png", tmp_path / "scans" / "chinese.png")
    (tmp_path / "inbox").mkdir()
    words("lantern", size=(420, 120), at=(40, 30)).save(tmp_path / "inbox" / "lantern.png")
    card: Image.Image = cards.id_card()[0]
    card.save(tmp_path / "card.jpg", quality=95)
    return tmp_path


def shell(command: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    bin_folder = ROOT / ".venv" / "bin"
    path = f"{bin_folder}:{environment()['PATH']}"
    return subprocess.run(
        command,
        shell=True,
        cwd=cwd,
        env=environment(PATH=path, **settings),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_each_make_target_is_there() -> None:
    for target in re.findall(r"\bmake ([a-z-]+)", "\n".join(blocks("sh"))):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), target


@pytest.mark.timeout(600)
def test_the_commands_for_files_do_what_they_say(desk: Path, servers: Servers) -> None:
    ran = []
    for command in commands():
        if command in ELSEWHERE or command.startswith("curl"):
            continue
        done = shell(command, desk, **variables(servers))
        assert done.returncode == 0, (command, done.stderr)
        ran.append(shlex.split(command)[1])
    assert {"read", "pdf", "inspect"} <= {*ran}
    assert {*ELSEWHERE} <= {*commands()}, "what is not run is still in the README"
    left = {path.relative_to(desk).as_posix() for path in desk.rglob("*") if path.is_file()}
    assert {
        "invoice.pdf.ocr.json",
        "results/scans/chinese.png.ocr.json",
        "searchable.pdf",
        "card.jpg.ocr.json",
        "scan.pdf.inspect.html",
    } <= left


def test_serve_and_the_call_of_it(desk: Path) -> None:
    (call,) = (command for command in commands() if command.startswith("curl"))
    with serving(keys=()) as api:
        done = shell(call.replace("http://127.0.0.1:8000/", api.url), desk)
    assert done.returncode == 0, done.stderr
    assert "Thank you for your order of 4 March." in done.stdout


def test_watch_reads_what_is_there(desk: Path) -> None:
    assert "folio watch inbox/" in commands()
    process = subprocess.Popen(["folio", "watch", "inbox/"], cwd=desk, env=_path(), stderr=subprocess.DEVNULL)
    try:
        wait_until((desk / "inbox" / "lantern.png.ocr.json").exists)
    finally:
        stop_tree(process.pid)
        process.wait()


def _path() -> dict[str, str]:
    return environment(PATH=f"{ROOT / '.venv' / 'bin'}:{environment()['PATH']}")


def test_the_lines_of_python_run(desk: Path) -> None:
    (lines,) = blocks("python")
    done = shell(f"python -c {shlex.quote(lines)}", desk)
    assert done.returncode == 0, done.stderr
    assert "Thank you for your order of 4 March." in done.stdout

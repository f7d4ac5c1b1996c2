"""What `pip install folio-ocr` gives: `folio demo`, `read` and `serve`, and the three lines of Python."""

import subprocess
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest
from scripts.shell_files import SHARE, shell_files

from tests.support.defaults import DEFAULTS
from tests.support.documents.pdfs import words
from tests.support.processes.running import environment
from tests.support.processes.serving import serving
from tests.support.tools import needs_tools
from tests.support.wheel import Installed, install

pytestmark = [
    needs_tools,
    pytest.mark.slow(
        "builds and installs the wheel with thirty packages, and starts programs that nobody compiled yet"
    ),
]

THREE_LINES = """
import folio
document = folio.read("sign.png", languages="eng")
print(document.text)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Takes seconds once: two distributions are built and thirty packages installed, which is what is tested."""
    return install(tmp_path_factory.mktemp("installed"))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a picture that is read in a blink."""
    words("lantern harbour", size=(640, 120), at=(40, 30)).save(tmp_path / "sign.png")
    return tmp_path


def run(*command: str, cwd: Path, **settings: str) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment(PYTHONPATH="", **settings),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_is_small_and_brings_one_package(installed: Installed) -> None:
    names = ZipFile(installed.wheel).namelist()
    assert installed.wheel.stat().st_size < 3_200_000  # 1.85 MB of it are tables of Chinese and Japanese
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"folio", "folio_ocr"}
    assert {name.split("/")[1] for name in names if ".data/" in name} == {"data"}
    assert {"folio/py.typed", "folio/web/index.html", "folio/serve/functions/handlers/upload.py"} <= set(names)
    assert [name for name in names if "__pycache__" in name] == []


def test_completion_and_the_man_page_lie_where_shells_and_man_look(installed: Installed) -> None:
    share = installed.programs.parent / "share"
    for path in shell_files():
        assert (share / path.relative_to(SHARE)).read_text() == path.read_text()


def test_the_source_distribution_has_what_the_wheel_is_made_of(installed: Installed) -> None:
    with tarfile.open(installed.source) as archive:
        parts = {Path(name).parts[1] for name in archive.getnames()}
    assert parts >= {"functions", "share", "tests", "pyproject.toml", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md"}
    assert installed.source.stat().st_size < 3_200_000


def test_the_demo_reads_its_samples_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    shown = run(installed.command, "demo", cwd=tmp_path, **DEFAULTS)
    assert "Thank you for your order of 4 March." in shown
    assert "图书馆开放时间通知" in shown
    assert (tmp_path / "demo" / "english.pdf.boxes.png").is_file()


def test_a_file_is_read(installed: Installed, desk: Path) -> None:
    assert run(installed.command, "read", "sign.png", "--text", cwd=desk) == "lantern harbour\n"
    assert (desk / "sign.png.ocr.json").is_file()


def test_the_three_lines_read_a_file(installed: Installed, desk: Path) -> None:
    assert run(installed.python, "-c", THREE_LINES, cwd=desk) == "lantern harbour\n"
    assert [path.name for path in desk.iterdir()] == ["sign.png"]


def test_the_api_answers_and_reads(installed: Installed, desk: Path) -> None:
    with serving("--jobs", "1", command=(installed.command,), settings={"PYTHONPATH": ""}) as api:
        assert api.get("v1/health").json()["status"] == "ok"
        assert api.read((desk / "sign.png").read_bytes(), accept="text/plain").text == "lantern harbour\n"

"""The commands as a person finds them: help with examples, one file in and one out, streams, and words that help."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pypdf
import pytest

from folio.cli.main import cli
from tests.support.documents.pdfs import words
from tests.support.paths import DATA
from tests.support.processes.running import FOLIO, environment, folio

SAMPLE = DATA / "english.pdf"
COMMANDS = tuple(cli.list_commands(click.Context(cli)))


def piped(*arguments: str, content: bytes, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*FOLIO, *arguments], input=content, cwd=cwd, env=environment(), capture_output=True, timeout=120, check=False
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(command: str) -> None:
    found = cli.get_command(cli.make_context("folio", [], resilient_parsing=True), command)
    assert found
    text = found.get_help(found.make_context(command, [], resilient_parsing=True))
    assert f"\nExamples:\n    folio {command}" in text.replace("\n  Examples", "\nExamples")


def test_help_names_all_commands_and_imports_none_of_them(tmp_path: Path) -> None:
    ran = folio("--help", cwd=tmp_path)
    listed = [line.split()[0] for line in ran.out.partition("Commands:\n")[2].splitlines()]
    assert tuple(listed) == COMMANDS
    loaded = "import sys; from folio.cli.main import cli; cli(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], env=environment(), capture_output=True, text=True, timeout=60, check=True
    )
    modules = done.stdout.splitlines()[-1].split()
    assert {"folio.cli.commands", "click"} <= set(modules)
    assert not {"msgspec", "folio.models", "folio.cli.reading", "folio.options.table", "concurrent.futures"} & {
        *modules
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("raed", "x.pdf"), "No such command 'raed'. Did you mean read?"),
        (("read", str(SAMPLE), "--outputs", "pfd"), "outputs='pfd' is not known; did you mean pdf?"),
        (("read", str(SAMPLE), "--provider", "tesserract"), "did you mean tesseract?"),
        (("read", str(SAMPLE), "-O", "langauges=eng"), "did you mean languages?"),
        (("read", str(SAMPLE), "-o", "out.pdf"), "try folio pdf FILE out.pdf"),
        (("read", "-", str(SAMPLE)), "Standard input is read alone"),
        (("pdf", str(SAMPLE), "out.txt"), "its name has to end in .pdf"),
    ],
)
def test_what_is_mistyped_is_answered_with_what_was_meant(
    arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    ran = folio(*arguments, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow("several processes of folio, each with its networks")
def test_values_are_known_in_capitals_too(tmp_path: Path) -> None:
    ran = folio("read", SAMPLE, "-o", "out", "--outputs", "PDF,Text", cwd=tmp_path)
    assert ran.code == 0
    assert {file.name for file in (tmp_path / "out" / "english.pdf.ocr").iterdir()} == {"searchable.pdf", "text.txt"}


@pytest.mark.slow("several processes of folio, each with its networks")
def test_each_file_is_told_with_its_result_or_its_error(tmp_path: Path) -> None:
    words("lantern", size=(420, 120), at=(40, 30)).save(tmp_path / "good.png")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    ran = folio("read", "good.png", "bad.pdf", cwd=tmp_path)
    lines = ran.err.splitlines()
    assert any(line.startswith("good.png: 1 page, ") and line.endswith(" sure: good.png.ocr.json") for line in lines)
    assert any(line.startswith("failed: bad.pdf: ") for line in lines)
    quiet = folio("read", "good.png", "bad.pdf", "-q", cwd=tmp_path)
    assert quiet.code == ran.code
    assert [line.partition(": ")[0] for line in quiet.err.splitlines()] == ["failed"]
    assert "good.png: page 1 of 1: " in folio("read", "good.png", "--force", "-v", cwd=tmp_path).err


def test_fields_are_printed_unless_nothing_is_to_be_said(tmp_path: Path) -> None:
    words("Harbor: Lantern", size=(560, 120), at=(40, 30)).save(tmp_path / "form.png")
    assert "Lantern" in folio("read", "form.png", "--mode", "form", cwd=tmp_path).out
    assert folio("read", "form.png", "--mode", "form", "-q", cwd=tmp_path).out == ""


def test_texts_of_several_files_are_told_apart(tmp_path: Path) -> None:
    for name in ("lantern", "meadow"):
        words(name, size=(420, 120), at=(40, 30)).save(tmp_path / f"{name}.png")
    assert folio("read", "lantern.png", "meadow.png", "--text", cwd=tmp_path).out == (
        "==> lantern.png <==\nlantern\n==> meadow.png <==\nmeadow\n"
    )


@pytest.mark.slow("several processes of folio, each with its networks")
def test_standard_input_is_read_and_nothing_stays(tmp_path: Path) -> None:
    plain = piped("read", "-", content=SAMPLE.read_bytes(), cwd=tmp_path)
    assert (plain.returncode, plain.stderr) == (0, b"")
    assert "Thank you for your order of 4 March." in plain.stdout.decode()
    result = json.loads(piped("read", "-", "--json", content=SAMPLE.read_bytes(), cwd=tmp_path).stdout)
    assert result["text"] in plain.stdout.decode()
    assert list(tmp_path.iterdir()) == []
    empty = piped("read", "-", content=b"", cwd=tmp_path)
    assert (empty.returncode, empty.stdout) == (65, b"")
    assert b"[EmptyDocument]" in empty.stderr


@pytest.mark.slow("several processes of folio, each with its networks")
def test_a_document_becomes_one_file(tmp_path: Path) -> None:
    picture = tmp_path / "lantern.png"
    words("lantern", size=(420, 120), at=(40, 30)).save(picture)
    ran = folio("pdf", picture, "out.pdf", "-l", "eng", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("out.pdf: 1 page, ")
    assert "lantern" in pypdf.PdfReader(tmp_path / "out.pdf").pages[0].extract_text()
    streamed = piped("pdf", "-", "-", content=picture.read_bytes(), cwd=tmp_path)
    assert streamed.stdout.startswith(b"%PDF-")
    assert folio("text", picture, cwd=tmp_path).out == "lantern\n"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["lantern.png", "out.pdf"]
    same = folio("pdf", "out.pdf", "./out.pdf", cwd=tmp_path)
    assert (same.code, "overwrite" in same.err) == (2, True)


@pytest.mark.slow("several processes of folio, each with its networks")
def test_a_document_without_tables_becomes_no_spreadsheet(tmp_path: Path) -> None:
    words("lantern", size=(420, 120), at=(40, 30)).save(tmp_path / "lantern.png")
    ran = folio("table", "lantern.png", "out.csv", cwd=tmp_path)
    assert (ran.code, ran.out) == (65, "")
    assert ran.err == "folio: There are no tables in lantern.png; nothing was written.\n"
    assert not (tmp_path / "out.csv").exists()
    tables = folio("table", SAMPLE, "out.csv", cwd=tmp_path)
    assert tables.code == 0
    assert "Bookcloth, dark green" in (tmp_path / "out.csv").read_text()

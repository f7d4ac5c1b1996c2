"""Which commands read a page for sure, so that its process may be started before they are imported."""

from pathlib import Path

import pytest

from folio.cli.ahead import reads_scan

SCAN = b"%PDF-1.7\n1 0 obj << /Subtype /Image /Filter /DCTDecode >>"
FILES = {
    "photo.jpg": b"\xff\xd8\xff\xe0", "page.png": b"\x89PNG\r\n\x1a\n", "fax.tif": b"II*\x00", "scan.pdf": SCAN,
    "letter.pdf": SCAN + b"<< /Type /Font >>", "drawn.pdf": b"%PDF-1.7\n",
    "notes.txt": b"a note", "empty": b"",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.delenv("FOLIO_PROVIDERS", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["photo.jpg", "page.png", "fax.tif", "scan.pdf"])
@pytest.mark.parametrize("command", ["read", "pdf", "text", "table", "inspect"])
def test_pictures_and_scans_are_read(folder: Path, command: str, name: str) -> None:
    assert reads_scan(command, ["-o", "results", str(folder / name)])
    assert reads_scan(command, [name, "--dpi", "200"])


@pytest.mark.parametrize(
    "name", ["letter.pdf", "drawn.pdf", "notes.txt", "empty", "none.jpg", ".", "-", "https://example.org/a.jpg"]
)
@pytest.mark.usefixtures("folder")
def test_what_has_a_text_or_is_no_file_may_be_not(name: str) -> None:
    assert not reads_scan("read", [name])


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("search", ["photo.jpg"]),
        ("read", ["photo.jpg", "--help"]),
        ("read", ["photo.jpg", "--providers", "baidu"]),
        ("read", ["photo.jpg", "--provider=tesseract"]),
        ("read", []),
    ],
)
@pytest.mark.usefixtures("folder")
def test_other_commands_and_engines_do_not(command: str, arguments: list[str]) -> None:
    assert not reads_scan(command, arguments)


@pytest.mark.usefixtures("folder")
def test_an_engine_that_is_set_may_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLIO_PROVIDERS", "tesseract")
    assert not reads_scan("read", ["photo.jpg"])
    monkeypatch.setenv("FOLIO_PROVIDERS", "auto")
    assert reads_scan("read", ["photo.jpg"])

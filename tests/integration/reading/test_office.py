"""`docx` and `xlsx` opened by LibreOffice, which says what is in them as text. It is no part of `make setup`."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from folio.outputs.docx import DocxWriter
from folio.outputs.xlsx import XlsxWriter
from folio.structure.document import document_pages
from tests.unit.outputs.test_documents import report
from tests.unit.outputs.test_xlsx import page, table

pytestmark = [
    pytest.mark.skipif(
        not shutil.which("soffice"),
        reason="LibreOffice is not installed: apt-get install libreoffice-core libreoffice-writer libreoffice-calc",
    ),
    pytest.mark.slow("LibreOffice starts"),
]
_SECONDS = 120


def converted(source: Path, form: str, folder: Path) -> str:
    """What LibreOffice writes of a file, in a profile of its own."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS)
    made = folder / f"{source.stem}.{form.partition(':')[0]}"
    assert made.is_file(), done.stderr.decode()
    return made.read_text("utf-8-sig")


def test_word_documents_open_in_libreoffice_with_all_their_text_in_order(tmp_path: Path) -> None:
    writer = DocxWriter(tmp_path)
    pages = list(document_pages(report()))
    for one in pages:
        writer.add(one)
    shown = "".join(converted(writer.finish(), "txt:Text (encoded):UTF8", tmp_path).split())
    shown = shown.replace("\u2022", "")  # what it puts before items of lists
    end = 0
    kept = [block for one in pages for block in one.blocks if block.kind in ("title", "heading", "paragraph")]
    assert len(kept) > 3
    for block in kept:
        first = "".join(block.text.split())[:12]
        start = shown.find(first, end)
        assert start >= 0, (first, shown)
        end = start
    for cell in (cell for one in pages for found in one.tables for cell in found.cells):
        assert "".join(cell.text.split()) in shown


def test_workbooks_open_in_libreoffice_with_every_cell_and_no_formula(tmp_path: Path) -> None:
    rows = (
        ("Name", "Betrag", "Anteil"),
        ("=1+1", "1,234.50", "12%"),
        ("\u53d1\u7968", "007", "-3"),
        ("a,b\u201cc", "", "@x"),
    )
    writer = XlsxWriter(tmp_path)
    writer.add(page(table(*rows)))
    text = converted(writer.finish(), "csv:Text - txt - csv (StarCalc):44,34,76,1", tmp_path)
    shown = [row for row in csv.reader(text.splitlines()) if any(row)]
    assert tuple(tuple(row) for row in shown[-4:]) == rows

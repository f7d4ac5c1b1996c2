"""`docx`: the document's text for Word and LibreOffice: headings, paragraphs, lists and tables in order.

Source: ECMA-376 part 1 (WordprocessingML), the least that Word asks of a file: content types, relations, styles.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from folio.models import Cell, Table
from folio.outputs.base import xml_text
from folio.outputs.flow import Passage, PassageFile

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MADE = (1980, 1, 1, 0, 0, 0)  # the zip's first day: the same document gives the same file
_LEVELS = 6
_INDENT = 360  # twentieths of a point for a level of a list
_WHOLE = 5000  # fiftieths of a percent: a table as wide as the text

_FIXED = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    f'relationships"><Relationship Id="rId1" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
}


class DocxWriter(PassageFile):
    """Styles are Word's own (Title, Heading 1 …, List Paragraph, Caption). Running heads are left out.

    What goes on over columns and pages is joined; items of lists keep their marks as text. Of figures only what is
    written in them is there.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "docx.xml")
        self._target = folder / "document.docx"
        self.write(f'{_XML}<w:document xmlns:w="{_MAIN}"><w:body>')

    def passage(self, passage: Passage) -> None:
        self.write(_element(passage))

    def end(self) -> None:
        self.write("<w:sectPr/></w:body></w:document>")

    def finish(self) -> Path:
        body = super().finish()
        with zipfile.ZipFile(self._target, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in {**_FIXED, "word/styles.xml": _styles()}.items():
                package.writestr(_entry(name), content if content.startswith("<?xml") else _XML + content)
            with package.open(_entry("word/document.xml"), "w", force_zip64=True) as target, body.open("rb") as source:
                while block := source.read(1 << 20):
                    target.write(block)
        body.unlink()
        return self._target


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _styles() -> str:
    def style(name: str, identity: str, size: int, bold: bool, outline: int | None = None) -> str:
        level = "" if outline is None else f'<w:outlineLvl w:val="{outline}"/>'
        weight = "<w:b/>" if bold else ""
        return (
            f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
            f'<w:pPr><w:spacing w:before="120" w:after="120"/>{level}</w:pPr>'
            f'<w:rPr>{weight}<w:sz w:val="{size}"/></w:rPr></w:style>'
        )

    headings = "".join(
        style(f"heading {level}", f"Heading{level}", 34 - 2 * level, True, level - 1) for level in range(1, _LEVELS + 1)
    )
    return (
        f'<w:styles xmlns:w="{_MAIN}"><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/><w:pPr><w:spacing w:after="120"/></w:pPr><w:rPr><w:sz w:val="22"/></w:rPr></w:style>'
        f"{style('Title', 'Title', 40, True)}{headings}{style('caption', 'Caption', 20, False)}"
        f"{style('footnote text', 'FootnoteText', 18, False)}{style('List Paragraph', 'ListParagraph', 22, False)}"
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>'
        + "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        + "</w:tblBorders></w:tblPr></w:style></w:styles>"
    )


def _element(passage: Passage) -> str:
    match passage.kind:
        case "title":
            return _paragraph(passage.text, "Title")
        case "heading":
            return _paragraph(passage.text, f"Heading{min(passage.level or 1, _LEVELS)}")
        case "list_item":
            return _paragraph(passage.text, "ListParagraph", _INDENT * (passage.level or 1))
        case "table" if passage.table:
            return _table(passage.table)
        case "figure":
            return _paragraph(passage.text, "Caption") if passage.text else ""
        case "caption":
            return _paragraph(passage.text, "Caption")
        case "footnote":
            return _paragraph(passage.text, "FootnoteText")
        case _:
            return _paragraph(passage.text)


def _paragraph(text: str, style: str = "", indent: int = 0) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += f'<w:ind w:left="{indent}"/>' if indent else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{_plain(line)}</w:t>' for line in text.splitlines() or [""])
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}<w:r>{lines}</w:r></w:p>"


def _plain(text: str) -> str:
    return xml_text(re.sub(r"[\t\r]", " ", text))


def _table(table: Table) -> str:
    width = max((cell.column + cell.column_span for cell in table.cells), default=0)
    if not width:
        return ""
    grid = "<w:gridCol/>" * width
    rows = "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in _rows(table, width))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{_WHOLE}" w:type="pct"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{_paragraph('')}"
    )


def _rows(table: Table, width: int) -> Iterator[list[str]]:
    """Yield each row's cells; what a cell takes of the rows below it is said there again, without its text."""
    takes: dict[tuple[int, int], Cell] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                takes.setdefault((row, column), cell)
    for row in range(max((row for row, _ in takes), default=-1) + 1):
        cells: list[str] = []
        column = 0
        while column < width:
            here = takes.get((row, column))
            cells.append(_cell(here, row))
            column += max(here.column + here.column_span - column, 1) if here else 1
        yield cells


def _cell(cell: Cell | None, row: int) -> str:
    if cell is None:
        return f"<w:tc>{_paragraph('')}</w:tc>"
    properties = f'<w:gridSpan w:val="{cell.column_span}"/>' if cell.column_span > 1 else ""
    if cell.row_span > 1:
        properties += '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
    text = cell.text if row == cell.row else ""
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{_paragraph(text)}</w:tc>"

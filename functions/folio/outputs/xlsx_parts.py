"""The small parts of a workbook: its list of sheets, styles and relations (ECMA-376, SpreadsheetML)."""

from collections.abc import Sequence

from folio.outputs.base import xml_text

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIRST_FORMAT = 164  # below are those that every program knows


def column_name(index: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def content_types(sheets: int) -> str:
    parts = [("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles")]
    parts += [(f"xl/worksheets/sheet{index}.xml", "worksheet") for index in range(1, sheets + 1)]
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{_KIND}.{kind}+xml"/>' for part, kind in parts)
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def relations(*targets: tuple[str, str]) -> str:
    """Return relations to parts, by their kinds; their ids are rId1 and so on."""
    links = "".join(
        f'<Relationship Id="rId{index}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def workbook(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name="{xml_text(name)}" sheetId="{index}" r:id="rId{index}"/>' for index, name in enumerate(names, 1)
    )
    return f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


class Styles:
    """The styles of cells, as they are needed: a format for numbers, bold for headers, quoted for text alone."""

    def __init__(self) -> None:
        self._formats: dict[str, int] = {}
        self._styles: dict[tuple[int, bool, bool], int] = {(0, False, False): 0}

    def index(self, number_format: str, *, is_header: bool = False, is_quoted: bool = False) -> int:
        """Return the number of a style; an empty format is a text's."""
        known = {"": 0, "0": 0}.get(number_format)
        code = self._formats.setdefault(number_format, _FIRST_FORMAT + len(self._formats)) if known is None else known
        return self._styles.setdefault((code, is_header, is_quoted), len(self._styles))

    def xml(self) -> str:
        formats = "".join(
            f'<numFmt numFmtId="{code}" formatCode="{xml_text(shown)}"/>' for shown, code in self._formats.items()
        )
        cells = "".join(
            f'<xf numFmtId="{code}" fontId="{int(is_header)}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
            f'applyFont="1"{" quotePrefix=" + chr(34) + "1" + chr(34) if is_quoted else ""}/>'
            for code, is_header, is_quoted in self._styles
        )
        font = '<sz val="11"/><name val="Calibri"/>'
        return (
            f'{_XML}<styleSheet xmlns="{_MAIN}">'
            + (f'<numFmts count="{len(self._formats)}">{formats}</numFmts>' if formats else "")
            + f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(self._styles)}">{cells}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        )

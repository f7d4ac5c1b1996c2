"""`markdown`: a document's text as a person would write it: headings, paragraphs, lists and tables."""

import re
from pathlib import Path

from folio.models import Table
from folio.outputs.csv import grid
from folio.outputs.flow import Passage, PassageFile
from folio.outputs.html_table import html_table
from folio.outputs.lists import list_item

_MAX_LEVEL = 6
_INDENT = "   "  # of an item within an item, numbered ones included

# What would be taken for markup where it stands: anywhere, and at the start of a line.
_MARKUP = re.compile(r"([\\`*_\[\]>|~])")
_LINE_MARKUP = re.compile(r"^(\s*)(#{1,6}(?= |$)|[-+](?= |$)|=+\s*$|-{3,}\s*$|\d{1,9}[.)](?= |$))")


class MarkdownWriter(PassageFile):
    """CommonMark with GitHub's tables, UTF-8. Running heads and page numbers are left out, pages have no borders.

    Lines of a paragraph are joined, words divided at a line's end too. A table with spans is HTML, which Markdown has.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "markdown.md")
        self._last = ""

    def end(self) -> None:
        self.write("\n" if self._last else "")

    def passage(self, passage: Passage) -> None:
        text = _markdown(passage)
        if not text:
            return
        if self._last:
            self.write("\n" if self._last == passage.kind == "list_item" else "\n\n")
        self.write(text)
        self._last = passage.kind


def _markdown(passage: Passage) -> str:
    text = _plain(passage.text)
    match passage.kind:
        case "title":
            return f"# {text}"
        case "heading":
            return f"{'#' * min((passage.level or 1) + 1, _MAX_LEVEL)} {text}"
        case "list_item":
            return _INDENT * ((passage.level or 1) - 1) + _item(passage.text)
        case "table" if passage.table:
            return _table(passage.table)
        case "figure":
            return _figure(passage)
        case "stamp":
            return f"> {text}" if text else ""
        case _:
            return _LINE_MARKUP.sub(_escaped, text)


def _figure(passage: Passage) -> str:
    """Return a comment that says what is written in a figure: a reader sees it there, a search finds it here."""
    words = re.sub(r"-(?=[->])", "- ", " ".join(passage.text.split()))
    return f"<!-- figure, page {passage.sources[0].page.number}{f': {words}' if words else ''} -->"


def _item(text: str) -> str:
    """Return an item of a list with Markdown's mark for its own."""
    number, rest = list_item(text)
    return f"{f'{number}.' if number else '-'} {_plain(rest)}"


def _plain(text: str) -> str:
    """Return text that is no markup. `<` stands as in HTML: who strips tags by a pattern would take what follows it."""
    return _MARKUP.sub(r"\\\1", text).replace("<", "&lt;")


def _escaped(match: re.Match[str]) -> str:
    space, markup = match.groups()
    return f"{space}{markup[:-1]}\\{markup[-1]}" if markup[0].isdigit() else f"{space}\\{markup}"


def _table(table: Table) -> str:
    if any(cell.row_span > 1 or cell.column_span > 1 for cell in table.cells):
        return html_table(table)
    rows = [[_plain(" ".join(cell.split())) for cell in row] for row in grid(table)]
    if not rows:
        return ""
    rows.insert(1, ["---"] * len(rows[0]))  # GitHub's tables have a header
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)

"""`html`: the document's text as a page of its own: headings, paragraphs, lists and tables in reading order."""

from pathlib import Path

from folio.outputs.base import xml_text
from folio.outputs.flow import Passage, PassageFile
from folio.outputs.html_table import html_table
from folio.outputs.lists import list_item

_HEAD = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ max-width: 50em; margin: 2em auto; padding: 0 1em; font-family: sans-serif; line-height: 1.5 }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid; padding: .2em .5em; vertical-align: top }}
</style>
</head>
<body>
"""
_MAX_LEVEL = 6


class HtmlWriter(PassageFile):
    """HTML 5 without scripts, that loads nothing. Running heads and page numbers are left out.

    What goes on over columns and pages is joined. Each block says in `data-page` on which page it begins.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "document.html")
        self._has_head = False
        self._list = ""  # the tag of the list that is open

    def end(self) -> None:
        self._head("")
        self._open("")
        self.write("</body>\n</html>\n")

    def _head(self, title: str) -> None:
        if not self._has_head:
            self._has_head = True
            self.write(_HEAD.format(title=xml_text(title)))

    def _open(self, tag: str) -> None:
        """Close the list that is open and open another, unless it is the same."""
        if tag != self._list:
            self.write(f"</{self._list}>\n" if self._list else "")
            self.write(f"<{tag}>\n" if tag else "")
            self._list = tag

    def passage(self, passage: Passage) -> None:
        self._head(passage.text if passage.kind in ("title", "heading") else "")
        page = f' data-page="{passage.sources[0].page.number}"'
        if passage.kind == "list_item":
            number, text = list_item(passage.text)
            self._open("ol" if number else "ul")
            value = f' value="{number}"' if number else ""
            self.write(f"<li{value}{page}>{xml_text(text)}</li>\n")
            return
        self._open("")
        self.write(_element(passage, page))


def _element(passage: Passage, page: str) -> str:
    text = xml_text(passage.text)
    match passage.kind:
        case "title":
            return f"<h1{page}>{text}</h1>\n"
        case "heading":
            level = min((passage.level or 1) + 1, _MAX_LEVEL)
            return f"<h{level}{page}>{text}</h{level}>\n"
        case "table" if passage.table:
            return f"<section{page}>\n{html_table(passage.table)}\n</section>\n"
        case "figure":
            return f"<figure{page}>{'<br>'.join(text.splitlines())}</figure>\n"
        case "caption" | "footnote" | "stamp":
            return f'<p class="{passage.kind}"{page}>{text}</p>\n'
        case _:
            return f"<p{page}>{text}</p>\n"

"""What the outputs that are made of blocks have of a page's text."""

import html
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec

from folio.models import Page
from folio.outputs.base import Writer
from folio.outputs.chunks import ChunksWriter
from folio.outputs.docx import DocxWriter
from folio.outputs.html import HtmlWriter
from folio.outputs.markdown import MarkdownWriter
from folio.outputs.textract import TextractWriter

_LEFT_OUT = ("header", "footer", "page_number")


def _markdown(path: Path) -> str:
    text = re.sub(r"<!-- figure, page \d+", " ", path.read_text("utf-8"))
    return html.unescape(re.sub(r"(?<!\\)</?[a-z][^>]*>", " ", text))


def _html(path: Path) -> str:
    body = path.read_text("utf-8").split("</head>")[1]
    return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r'<li value="(\d+)"', r"\1 <li ", body)))


def _docx(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        text = package.read("word/document.xml").decode()
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</w:p>|<w:br/>", " ", text)))


def _chunks(path: Path) -> str:
    return " ".join(json.loads(line)["text"] for line in path.read_text("utf-8").splitlines())


def _chunk_words(path: Path) -> str:
    chunks = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return " ".join(word["text"] for chunk in chunks for word in chunk["words"])


def _textract(path: Path) -> str:
    blocks = {block["Id"]: block for block in json.loads(path.read_bytes())["Blocks"]}
    lines = [block for block in blocks.values() if block["BlockType"] == "LINE"]
    words = [blocks[identity] for line in lines for one in line["Relationships"] for identity in one["Ids"]]
    return " ".join(word["Text"] for word in words)


OUTPUTS: dict[str, tuple[Callable[[Path], Writer], Callable[[Path], str]]] = {
    "markdown": (MarkdownWriter, _markdown),
    "html": (HtmlWriter, _html),
    "docx": (DocxWriter, _docx),
    "chunks": (ChunksWriter, _chunks),
    "words of chunks": (ChunksWriter, _chunk_words),
    "textract": (TextractWriter, _textract),
}


def characters(text: str) -> Counter[str]:
    """Return letters and digits: what is neither joined nor parted where lines are."""
    return Counter(character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum())


def differences(page: Page, folder: Path) -> dict[str, tuple[str, str]]:
    """Return, for each output that has another text than a page with blocks, what is missing and what is too much.

    Running heads and page numbers are not wanted; Textract's answer has them.
    """
    left_out = {index for block in page.blocks if block.kind in _LEFT_OUT for index in block.lines}
    found = {}
    for name, (make, text_of) in OUTPUTS.items():
        wanted = [line.text for index, line in enumerate(page.lines) if name == "textract" or index not in left_out]
        writer = make(folder)
        writer.add(msgspec.structs.replace(page, seals=()))
        path = writer.finish()
        have = characters(text_of(path)) if path else Counter[str]()
        truth = characters(" ".join(wanted))
        if have != truth:
            found[name] = "".join((truth - have).elements()), "".join((have - truth).elements())
    return found

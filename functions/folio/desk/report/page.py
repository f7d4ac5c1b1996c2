"""A reading as a web page: each page with its words boxed, what was done to it and why, and its text beside it.

One file without scripts that loads nothing: pictures are data, and its content security policy forbids the rest.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from msgspec import Struct

from folio.desk.report.boxes import COLORS, UNKNOWN
from folio.desk.report.style import STYLE
from folio.desk.report.text import language_of, marked_text, percent, word_id
from folio.models import Field, Page, Result, Table
from folio.transform import Polygon, Transform


class Picture(Struct, frozen=True):
    """An image as a data URI, and the width and height of the pixels that boxes on it are counted in."""

    uri: str
    width: float
    height: float


class View(Struct, frozen=True):
    """A page as read (`source`: None if it could not be drawn) and as the engine saw it (None: in no other form).

    `to_prepared` leads from the page's pixels to the prepared image's.
    """

    page: Page
    source: Picture | None
    prepared: Picture | None = None
    to_prepared: Transform = Transform()


def report(result: Result, views: Iterator[View], options: Mapping[str, str], note: str = "") -> Iterator[str]:
    """Yield the web page in parts, one for each page of the document; `note` is a sentence about what is shown."""
    yield _head(result.source.key)
    yield _summary(result, options, note)
    for view in views:
        yield _section(view, result)
    yield "</main></body></html>\n"


def _head(title: str) -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)} – Folio</title><style>{_style()}</style></head><body>"
    )


def _style() -> str:
    colors = [*(color for _, color in COLORS), UNKNOWN]
    grades = (f".g{number}{{--grade:{color}}}" for number, color in enumerate(colors))
    return STYLE + "".join(grades)


def _grade(confidence: float | None) -> str:
    if confidence is None:
        return f"g{len(COLORS)}"
    return f"g{next(number for number, (low, _) in enumerate(COLORS) if confidence >= low)}"


def _summary(result: Result, options: Mapping[str, str], note: str) -> str:
    source, engine = result.source, result.engine
    known = {
        "Status": result.status,
        "File": f"{source.media_type}, {source.bytes:,} bytes, pages: {source.pages}",
        "Engine": " ".join(filter(None, (engine.provider, engine.version))),
        "Then": ", ".join(engine.fallbacks),
        "Languages": ", ".join(engine.languages),
        "Mode": engine.mode,
        "Options": ", ".join(f"{name}={value}" for name, value in options.items()),
        "Confidence": percent(result.confidence),
        "Seconds": ", ".join(f"{name} {seconds:.2f}" for name, seconds in result.timings.items()),
        "Paid calls": f"{result.cost.calls}, about {result.cost.estimate} {result.cost.currency or ''}".strip()
        if result.cost.calls
        else "",
    }
    words = ["from 90%", "70 to 90%", "below 70%", "unknown"]
    legend = "".join(f'<li><i class="g{number}"></i>{text}</li>' for number, text in enumerate(words))
    return (
        f'<header><h1 dir="auto">{escape(source.key)}</h1>{_facts(known)}{_list("Warnings", result.warnings)}'
        f"{_fields(result.fields, engine.languages)}{f'<p class="note">{escape(note)}</p>' if note else ''}</header>"
        f'<nav><ul aria-label="Confidence of a word">{legend}</ul>'
        '<label><input type="checkbox" id="boxes" checked> boxes</label>'
        '<label><input type="checkbox" id="large"> large</label></nav><main>'
    )


def _section(view: View, result: Result) -> str:
    page = view.page
    error = f"{page.error.type}: {page.error.message} {page.error.hint}" if page.error else ""
    known = {
        "Read": "failed" if page.status == "failed" else page.origin,
        "Text layer": f"not used: {page.text_layer_refusal}" if page.text_layer_refusal else "",
        "Size": f"{page.width} × {page.height}" + (f" at {page.dpi:g} dpi" if page.dpi else ""),
        "Confidence": percent(page.confidence),
        "Provider": page.provider or "",
        "Turned": f"{page.rotation}° clockwise" if page.rotation else "",
        "Straightened": f"{page.skew:.2f}°" if page.skew else "",
    }
    skipped = [f"{other.provider}: {other.type}: {other.message}" for other in page.skipped_providers]
    return (
        f'<section id="page{page.number}"><h2>Page {page.number}</h2>'
        f"{f'<p class="error">{escape(error)}</p>' if error else ''}{_facts(known)}"
        f"{_list('Steps', page.steps, 'ol')}{_list('Warnings', page.warnings)}{_list('Passed over', skipped)}"
        f'<div class="views">{_pictures(view)}{_text(page, result.engine.languages)}</div></section>'
    )


def _pictures(view: View) -> str:
    page = view.page
    if view.source is None:
        return '<p class="note">The page could not be drawn.</p>'
    boxes = _boxes(page, Transform(), linked=True)
    if view.prepared is None:
        why = "No engine read this image." if page.origin != "ocr" or page.error else "The engine saw it as it is."
        return _figure("The page, with the words read", view.source, boxes, why)
    return _figure("The page, with the words read", view.source, boxes) + _figure(
        "As the engine saw it", view.prepared, _boxes(page, view.to_prepared, linked=False), kind="prepared"
    )


def _figure(caption: str, picture: Picture, boxes: str, note: str = "", kind: str = "source") -> str:
    return (
        f'<figure class="{kind}"><figcaption>{caption}</figcaption><div>'
        f'<img src="{picture.uri}" alt="{caption}"><svg viewBox="0 0 {picture.width:g} {picture.height:g}" '
        f'preserveAspectRatio="none">{boxes}</svg></div>{f'<p class="note">{note}</p>' if note else ""}</figure>'
    )


def _boxes(page: Page, move: Transform, linked: bool) -> str:
    """Return a polygon for every word with a title; on the page itself it links to the word in the text."""
    shapes = []
    for line_index, line in enumerate(page.lines):
        for word_index, word in enumerate(line.words):
            title = escape(f"{word.text} · {percent(word.confidence)}")
            shape = (
                f'<polygon class="{_grade(word.confidence)}" points="{_points(move.polygon(word.polygon))}">'
                f"<title>{title}</title></polygon>"
            )
            shapes.append(f'<a href="#{word_id(page.number, line_index, word_index)}">{shape}</a>' if linked else shape)
    return "".join(shapes)


def _points(polygon: Polygon) -> str:
    return " ".join(f"{round(x, 1):g},{round(y, 1):g}" if x < 1e5 else f"{x},{y}" for x, y in polygon)


def _text(page: Page, languages: Sequence[str]) -> str:
    tables = "".join(_table(table) for table in page.tables)
    if not page.text and not tables:
        return '<p class="note">No text.</p>'
    lang = escape(language_of(page.text, languages))
    return (
        f'<article><h3>Text</h3><div class="text" lang="{lang}" dir="auto">{marked_text(page, _grade)}</div>'
        f'<div lang="{lang}">{tables}</div></article>'
    )


def _table(table: Table) -> str:
    rows: dict[int, list[str]] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        spans = f' rowspan="{cell.row_span}" colspan="{cell.column_span}"'
        title = escape(percent(cell.confidence))
        rows.setdefault(cell.row, []).append(f'<td{spans} title="{title}">{escape(cell.text)}</td>')
    whole = "".join(f"<tr>{''.join(rows.get(number, []))}</tr>" for number in range(max(rows, default=-1) + 1))
    return f'<div class="table"><table>{whole}</table></div>'


def _fields(fields: Sequence[Field], languages: Sequence[str]) -> str:
    if not fields:
        return ""
    rows = "".join(
        f'<tr><th>{escape(field.name)}</th><td lang="{escape(language_of(field.value, languages))}">'
        f"{escape(field.value)}</td><td>{percent(field.confidence)}</td><td>page {field.page}</td></tr>"
        for field in fields
    )
    return f'<h2>Fields</h2><div class="table"><table>{rows}</table></div>'


def _facts(known: Mapping[str, str]) -> str:
    pairs = (f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in known.items() if value)
    return f"<dl>{''.join(pairs)}</dl>"


def _list(title: str, items: Sequence[str], kind: str = "ul") -> str:
    if not items:
        return ""
    return f"<h3>{title}</h3><{kind}>{''.join(f'<li>{escape(item)}</li>' for item in items)}</{kind}>"

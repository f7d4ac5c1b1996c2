"""The web page of a reading: whole, safe to open, and true to the result."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from folio.desk.report.page import Picture, View, report
from folio.desk.report.text import language_of, marked_text
from folio.models import Cell, Engine, Field, Line, Page, Problem, Result, SkippedProvider, Source, Table, Word
from folio.transform import Transform, box

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
NASTY = '<script>alert("&")</script>'
VOID = ("meta", "img", "input")  # elements that are never closed


class Reader(HTMLParser):
    """Elements, with the check that each is closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def line(number: int, *words: tuple[str, float | None]) -> Line:
    made = tuple(
        Word(text, sure, box(10.0 * place, 20.5 * number, 10 * place + 8, 20 * number + 9.0))
        for place, (text, sure) in enumerate(words)
    )
    return Line(" ".join(text for text, _ in words), None, box(0, 0, 1, 1), made)


LINES = (line(1, ("The", 0.95), ("ferry", 0.8)), line(2, (NASTY, 0.2), ("图书馆", None)))
PAGE = Page(
    number=1,
    width=200,
    height=100,
    dpi=300,
    steps=("binarize: the paper is <grey>",),
    text="\n\n".join(line.text for line in LINES),
    confidence=0.8,
    lines=LINES,
    tables=(Table(cells=(Cell(text="<b>", row=0, column=0, column_span=2), Cell(text="2", row=1, column=0))),),
    provider="tesseract",
    skipped_providers=(SkippedProvider("baidu", "QuotaExhausted", "No calls are left."),),
    rotation=90,
    skew=-1.25,
)
FAILED = Page(number=2, width=0, height=0, dpi=None, status="failed", error=Problem("DamagedDocument", "Torn.", "Ask."))


def result(*pages: Page, key: str = "a<b>.pdf") -> Result:
    return Result(
        status="partial",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        source=Source(bucket=None, key=key, etag="e", media_type="application/pdf", bytes=10, pages=len(pages)),
        engine=Engine(provider="tesseract", version="5.5", languages=("eng",), mode="general", settings="s"),
        text="",
        confidence=0.8,
        timings={"total": 1.5},
        fields=(Field(name="name", value="<i>", provider_name="n"),),
        pages=pages,
    )


def rendered(*views: View) -> str:
    return "".join(report(result(*(view.page for view in views)), iter(views), {"recipe": "auto"}, "Shown are 2."))


WHOLE = rendered(
    View(PAGE, Picture(PIXEL, 200, 100), Picture(PIXEL, 400, 200), Transform.scale(2, 2)), View(FAILED, None)
)


def test_it_is_whole_and_made_for_phones_too() -> None:
    page = Reader(WHOLE)
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert len(page.all("section")) == 2
    assert page.all("html") == [{"lang": "en"}]


def test_nothing_is_loaded_and_nothing_runs() -> None:
    page = Reader(WHOLE)
    sources = [
        value for _, attributes in page.elements for name, value in attributes.items() if name in ("src", "href")
    ]
    assert all(value and value.startswith(("data:image/", "#")) for value in sources)
    assert "http:" not in WHOLE
    assert "https:" not in WHOLE
    assert "url(" not in WHOLE
    assert "@import" not in WHOLE
    assert not {name for name, _ in page.elements} & {"script", "link", "iframe", "object", "form"}
    policy = next(meta for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert not [attributes for _, attributes in page.elements if "style" in attributes]  # the policy forbids them


def test_what_the_document_says_is_never_markup() -> None:
    assert NASTY not in WHOLE
    assert "<b>" not in WHOLE
    assert "<i>" not in WHOLE
    assert "<grey>" not in WHOLE
    assert NASTY in "".join(Reader(WHOLE).texts)


def polygons(page: Reader) -> list[list[tuple[float, ...]]]:
    return [
        [tuple(map(float, point.split(","))) for point in str(attributes["points"]).split()]
        for attributes in page.all("polygon")
    ]


def test_boxes_are_the_results_polygons_and_go_along_to_the_prepared_image() -> None:
    there = [list(word.polygon) for line in LINES for word in line.words]
    assert polygons(Reader(WHOLE)) == there + [[(2 * x, 2 * y) for x, y in polygon] for polygon in there]


def test_boxes_of_a_page_of_any_length_are_whole_numbers_at_their_places() -> None:
    far = Line("far", None, box(0, 0, 1, 1), (Word("far", 0.9, box(123456, 2, 234567, 345678)),))
    page = Page(number=1, width=300_000, height=400_000, dpi=300, text="far", confidence=0.9, lines=(far,))
    (points,) = polygons(Reader(rendered(View(page, Picture(PIXEL, 300_000, 400_000)))))
    assert points == [(123456, 2), (234567, 2), (234567, 345678), (123456, 345678)]


def test_boxes_tell_word_and_confidence_and_lead_to_the_text() -> None:
    page = Reader(WHOLE)
    assert [shape["class"] for shape in page.all("polygon")][:4] == ["g0", "g1", "g2", "g3"]
    for told in ("The · 95%", "ferry · 80%", "图书馆 · unknown"):
        assert told in page.texts
    targets = [str(link["href"])[1:] for link in page.all("a")]
    assert targets == [span["id"] for span in page.all("span")]
    assert len(set(targets)) == 4


def test_what_was_done_and_why_and_what_failed_is_told() -> None:
    texts = Reader(WHOLE).texts
    for told in (
        "binarize: the paper is <grey>",
        "baidu: QuotaExhausted: No calls are left.",
        "DamagedDocument: Torn. Ask.",
        "90° clockwise",
        "-1.25°",
        "The page could not be drawn.",
        "Shown are 2.",
        "recipe=auto",
        "total 1.50",
        "<i>",
    ):
        assert told in texts


def test_a_page_the_engine_saw_as_it_is_has_one_picture() -> None:
    page = Reader(rendered(View(PAGE, Picture(PIXEL, 200, 100))))
    assert len(page.all("img")) == 1
    assert "The engine saw it as it is." in page.texts


def test_text_stays_as_it_is_with_its_words_marked() -> None:
    page = Page(number=3, width=9, height=9, dpi=None, text="Note:\nThe  ferry & co", lines=(line(1, ("The", 0.9)),))
    marked = marked_text(page, lambda _: "g0")
    assert re.sub("<[^>]*>", "", marked) == "Note:\nThe  ferry &amp; co"
    assert marked.startswith('Note:\n<span id="p3l0w0"')


def test_text_that_is_not_made_of_the_lines_is_shown_all_the_same() -> None:
    page = Page(number=1, width=9, height=9, dpi=None, text="Something else", lines=LINES)
    assert marked_text(page, lambda _: "g0") == "Something else"


@pytest.mark.parametrize(
    ("text", "languages", "tag"),
    [
        ("图书馆 Reading Room", ("chi_sim", "eng"), "zh-Hans"),
        ("Reading Room 图", ("chi_sim", "eng"), "en"),
        ("圖書館", ("eng", "chi_tra_vert"), "zh-Hant"),
        ("The ferry", ("eng",), "en"),
        ("12", ("chi_sim",), "zh-Hans"),
        ("quidquid", ("lat",), ""),
    ],
)
def test_language_is_that_of_the_text(text: str, languages: tuple[str, ...], tag: str) -> None:
    assert language_of(text, languages) == tag

"""What a document's pages together tell: running heads, levels, paragraphs over a page's end."""

import msgspec

from folio.models import Block, Page
from folio.structure.document import DocumentStructure, document_pages
from folio.structure.layout.blocks import with_blocks
from tests.support.pages import page_of, rows, written
from tests.unit.structure.layout.test_blocks import PROSE


def of_kind(pages: list[Page], kind: str) -> list[list[str]]:
    return [[block.text for block in page.blocks if block.kind == kind] for page in pages]


def structured(*pages: Page) -> list[Page]:
    return list(document_pages(pages))


def test_pages_come_back_in_order_one_late() -> None:
    structure = DocumentStructure()
    pages = [with_blocks(page_of(*rows(*PROSE), number=number)) for number in (1, 2, 3)]
    given = [[page.number for page in structure.add(page)] for page in pages]
    assert given == [[], [1], [2]]
    assert [page.number for page in structure.finish()] == [3]
    assert structure.finish() == []


def test_what_stands_at_the_same_edge_of_neighbors_is_a_running_head() -> None:
    def page(number: int, text: str = "Of rivers and their mills") -> Page:
        return page_of(written(text, 60, 90), *rows(*PROSE, top=300), *rows(*PROSE, top=500), number=number)

    assert of_kind(structured(page(1), page(2), page(3)), "header") == [["Of rivers and their mills"]] * 3
    assert of_kind(structured(page(1), page(2, "Of rlvers and their mills")), "header")[0] != []
    assert of_kind(structured(page(1), page(2, "Something else there")), "header") == [[], []]


def test_numbers_at_the_same_edge_are_page_numbers() -> None:
    pages = [page_of(*rows(*PROSE), written(str(6 + number), 700, 860), number=number) for number in (1, 2)]
    assert of_kind(structured(*pages), "page_number") == [["7"], ["8"]]


def test_a_paragraph_goes_on_over_a_pages_end_and_its_running_foot() -> None:
    first = page_of(*rows(*PROSE[:2], top=500), written("Rivers 1 of 2", 50, 960), number=1)
    second = page_of(*rows("known there, and he said so in the tavern every night until he", PROSE[2]), number=2)
    assert [block.continues for block in structured(first, second)[1].blocks] == [True]
    again = msgspec.structs.replace(second, number=3)
    assert not structured(first, again)[1].blocks[0].continues  # another page lies between them


def test_a_new_sentence_does_not_go_on() -> None:
    first, second = page_of(*rows(*PROSE)), page_of(*rows(*PROSE), number=2)
    assert not structured(first, second)[1].blocks[0].continues


def test_the_first_pages_highest_heading_is_its_title() -> None:
    head, part = written("Of Rivers", 50, 150, 40), written("The Mill", 50, 400, 26)
    first = page_of(head, *rows(*PROSE, top=250), part, *rows(*PROSE, top=450))
    pages = structured(first, msgspec.structs.replace(first, number=2))
    assert of_kind(pages, "title") == [["Of Rivers"], []]
    assert [block.level for block in pages[0].blocks if block.kind == "heading"] == [3]


def test_headings_of_a_height_have_one_level_and_a_lower_one_of_the_same_numbers_is_deeper() -> None:
    def heading(text: str, height: float) -> Page:
        return page_of(*rows(*PROSE, top=200), written(text, 50, 400, height), *rows(*PROSE, top=500))

    texts = [("7. Rivers", 30), ("1. Mills", 22), ("8. Bridges", 29.5)]
    pages = structured(*(msgspec.structs.replace(heading(*one), number=n) for n, one in enumerate(texts, 1)))
    levels = [block.level for page in pages for block in page.blocks if block.kind == "heading"]
    assert levels == [1, 2, 1]


def test_a_failed_page_between_others_stays() -> None:
    failed = Page(number=2, width=0, height=0, dpi=None, status="failed")
    pages = structured(page_of(*rows(*PROSE)), failed, page_of(*rows(*PROSE), number=3))
    assert pages[1] == failed
    assert all(isinstance(block, Block) for block in pages[2].blocks)

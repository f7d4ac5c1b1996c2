"""What only a document's pages together tell: running heads, levels of headings, what goes on over a page's end.

A stream with a delay of one page: it holds no more than the last one, however long the document is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from statistics import median

import msgspec
from msgspec import Struct

from folio.models import Block, BlockKind, Page
from folio.structure.layout.blocks import goes_on, with_blocks
from folio.structure.layout.kinds import depth
from folio.structure.layout.margins import is_page_number
from folio.structure.tables import continued as tables

# Of the page's height: where running heads and feet stand, and how far apart they stand on two pages.
_EDGE, _MAX_SHIFT = 0.16, 0.03
_MAX_LINES = 3  # of a running head or foot
_MIN_ALIKE = 0.85  # of two running heads, read by an engine; figures count as equal
_SAME_SIZE = 0.08  # between the heights of two headings of a level
_TITLE_LEVELS = (1, 2)  # which a heading has by its height, if it may be the document's title
_MARGINS: tuple[BlockKind, ...] = ("header", "footer", "page_number")


class _Heading(Struct, frozen=True):
    height: float
    number: int | None
    level: int


class DocumentStructure:
    """Takes pages in rising order, each with its blocks, and gives them back with what their neighbors tell."""

    def __init__(self) -> None:
        self._held: Page | None = None
        self._headings: list[_Heading] = []
        self._is_first = True

    def add(self, page: Page) -> list[Page]:
        """Return the pages that are finished now: the one before, if there is one."""
        before = self._held
        if before is not None and before.file != page.file:
            self._headings, self._is_first = [], True
        page = self._own(page)
        if before is not None and _are_neighbors(before, page):
            before, page = _continued(*_without_running_heads(before, page))
        self._held = page
        return [] if before is None else [before]

    def finish(self) -> list[Page]:
        """Return the last page."""
        last, self._held = self._held, None
        return [] if last is None else [last]

    def _own(self, page: Page) -> Page:
        """Return a page with its title and with levels of headings as on the pages before."""
        if page.origin == "document":  # whose file says it all
            return page
        blocks = list(page.blocks)
        if self._is_first and blocks:
            self._is_first = False
            _name_title(blocks)
        for index, block in enumerate(blocks):
            if block.kind == "heading" and block.lines and block.level:
                blocks[index] = msgspec.structs.replace(block, level=self._level(page, block, block.level))
        return msgspec.structs.replace(page, blocks=tuple(blocks)) if blocks else page

    def _level(self, page: Page, block: Block, level: int) -> int:
        number, height = depth(block.text), _height(page, block)
        alike = [known for known in self._headings if known.number == number]
        for known in alike:
            if abs(known.height - height) <= _SAME_SIZE * max(known.height, height):
                return known.level
        if number:  # of two headings numbered alike, the lower one stands within the higher one's part
            level = max([level, *(known.level + 1 for known in alike if known.height > height)])
        self._headings.append(_Heading(height, number, level))
        return level


def _are_neighbors(before: Page, page: Page) -> bool:
    """Return whether a page may go on from the one before: both in one part, and not set by Folio."""
    return before.file == page.file and page.origin != "document"


def document_pages(pages: Iterable[Page]) -> Iterator[Page]:
    """Yield the pages of a result, those that have no blocks with them: an earlier version wrote none."""
    structure = DocumentStructure()
    for page in pages:
        yield from structure.add(with_blocks(page))
    yield from structure.finish()


def _height(page: Page, block: Block) -> float:
    """Return the height of a block's lines as a share of the page's width."""
    lines = (page.lines[index].polygon for index in block.lines)
    return median(max(abs(s[0] - p[0]), abs(s[1] - p[1])) for p, _, _, s in lines) / max(page.width, 1)


def _name_title(blocks: list[Block]) -> None:
    text = [index for index, block in enumerate(blocks) if block.kind not in (*_MARGINS, "figure", "stamp")]
    if not text:
        return
    first = blocks[text[0]]
    levels = [block.level or 1 for block in blocks if block.kind == "heading" and not depth(block.text)]
    is_highest = first.kind == "heading" and first.level == min(levels, default=0) and first.level in _TITLE_LEVELS
    if is_highest and not depth(first.text) and sum(level == first.level for level in levels) == 1:
        blocks[text[0]] = msgspec.structs.replace(first, kind="title", level=None)


def _without_running_heads(before: Page, page: Page) -> tuple[Page, Page]:
    """Return two pages, with what stands at the same edge of both marked as what it is."""
    matches: tuple[dict[int, BlockKind], dict[int, BlockKind]] = {}, {}
    for first, block in enumerate(before.blocks):
        edge = _edge(before, block)
        if edge is None:
            continue
        for second, other in enumerate(page.blocks):
            if _edge(page, other) == edge and _is_at_same_place(before, block, page, other):
                kind = _running(block.text, other.text, edge)
                if kind:
                    matches[0][first] = matches[1][second] = kind
    return _remarked(before, matches[0]), _remarked(page, matches[1])


def _edge(page: Page, block: Block) -> BlockKind | None:
    """Return which running text a block would be, by where it stands."""
    if len(block.lines) > _MAX_LINES or not block.text or not page.height or block.kind in ("table", "stamp"):
        return None
    _, top, _, bottom = _bounds(block)
    if bottom < _EDGE * page.height:
        return "header"
    return "footer" if top > (1 - _EDGE) * page.height else None


def _bounds(block: Block) -> tuple[float, float, float, float]:
    xs, ys = zip(*block.polygon, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _is_at_same_place(before: Page, block: Block, page: Page, other: Block) -> bool:
    one, two = _bounds(block)[1] / before.height, _bounds(other)[1] / page.height
    return abs(one - two) <= _MAX_SHIFT


def _running(one: str, two: str, edge: BlockKind) -> BlockKind | None:
    if is_page_number(one) and is_page_number(two):
        return "page_number"
    plain, other = _folded(one), _folded(two)
    if not any(map(str.isalpha, plain)):
        return None
    is_same = plain == other or SequenceMatcher(None, plain, other, autojunk=False).ratio() >= _MIN_ALIKE
    return edge if is_same else None


def _folded(text: str) -> str:
    return re.sub(r"\d+", "#", "".join(unicodedata.normalize("NFKC", text[:200]).casefold().split()))


def _remarked(page: Page, kinds: dict[int, BlockKind]) -> Page:
    if not kinds:
        return page
    blocks = [
        msgspec.structs.replace(block, kind=kinds[index], level=None, continues=False) if index in kinds else block
        for index, block in enumerate(page.blocks)
    ]
    middle = page.height / 2
    head = [block for block in blocks if block.kind in _MARGINS and _bounds(block)[1] < middle]
    foot = [block for block in blocks if block.kind in _MARGINS and _bounds(block)[1] >= middle]
    body = [block for block in blocks if block.kind not in _MARGINS]
    return msgspec.structs.replace(page, blocks=(*head, *body, *foot))


def _continued(before: Page, page: Page) -> tuple[Page, Page]:
    """Return two pages, with the paragraph or table marked that goes on from the end of the first one."""
    if (both := tables.goes_on(before, page)) is not None:
        parts = list(page.tables)
        parts[both[1]] = msgspec.structs.replace(parts[both[1]], continues=True)
        return before, msgspec.structs.replace(page, tables=tuple(parts))
    ends = [block for block in before.blocks if block.kind not in (*_MARGINS, "footnote", "figure", "caption", "stamp")]
    starts = [index for index, block in enumerate(page.blocks) if block.kind not in _MARGINS]
    if not ends or not starts or page.number != before.number + 1:
        return before, page
    block = page.blocks[starts[0]]
    one, two = (_height(*pair) if pair[1].lines else 0.0 for pair in ((before, ends[-1]), (page, block)))
    if not goes_on(ends[-1], block) or abs(one - two) > 2 * _SAME_SIZE * max(one, two):
        return before, page
    blocks = list(page.blocks)
    blocks[starts[0]] = msgspec.structs.replace(block, continues=True)
    return before, msgspec.structs.replace(page, blocks=tuple(blocks))

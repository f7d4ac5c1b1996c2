"""What the paragraphs of a column are: headings and their levels, items of lists, captions, footnotes."""

import re
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from folio.models import BlockKind
from folio.structure.layout.frame import Row, is_sideways
from folio.structure.layout.paragraphs import marker
from folio.text.joining import join_lines
from folio.text.spacing import is_wide
from folio.transform import Box

# How much higher than the text the rows of a heading are -> its level.
_LEVELS = ((1.8, 1), (1.45, 2), (1.2, 3))
_PLAIN_LEVEL = 3  # of a heading as high as the text
_MAX_HEADING_ROWS, _MAX_HEADING_WIDTH = 3, 200.0  # width in Latin letters; Chinese characters are two wide
_MAX_PLAIN_WIDTH = 90.0  # of a heading that only its place or number tells
_MIN_LETTERS = 2
_MIN_GAP_RATIO = 1.3  # of the white space above a plain heading to that below it
_MIN_GAP, _MAX_GAP_BELOW = 0.6, 1.8  # heights: above a plain heading at least, below it at most
_MAX_FILL = 0.75  # of the column's width, that a plain heading takes
_MIN_FOLLOWING = 8.0  # heights, of the width of the text below it: the lines of an address are narrower

_STOPS = tuple(".!?,:;…。！？，：；、")
_CJK = "一二三四五六七八九十百〇零"
_DEPTHS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"第[{_CJK}\d]{{1,4}}[章编篇部]"), 1),
    (re.compile(rf"第[{_CJK}\d]{{1,4}}节"), 2),
    (
        re.compile(
            r"(?:chapter|part|appendix|kapitel|capítulo|capitolo|chapitre|附录|附件)\s+[\dIVXA-Z]{1,5}\b", re.IGNORECASE
        ),
        1,
    ),
    (re.compile(rf"[{_CJK}]{{1,3}}[、．.]"), 1),
    (re.compile(rf"[（(][{_CJK}]{{1,3}}[）)]"), 2),
    (re.compile(r"\d{1,2}(?:[.．]\d{1,2}){3}(?![\d%])"), 4),
    (re.compile(r"\d{1,2}(?:[.．]\d{1,2}){2}(?![\d%])"), 3),
    (re.compile(r"\d{1,2}[.．]\d{1,2}(?![\d%])"), 2),
    (re.compile(r"\d{1,2}(?:[.、．]|\s)(?=\s*[^\W\d])"), 1),
    (re.compile(r"[IVX]{1,5}\.\s"), 1),
)
_DAY = re.compile(  # a letter's date is no numbered heading
    r"\d{1,2}(?:\.|st|nd|rd|th)?\s+(?:de\s+)?(?:jan|feb|f[ée]v|m[aä]r|apr|avr|abr|ma[iygj]|jui?n|jui?l|aug|ao[uû]|ago|sep|set|o[ck]t|out"
    r"|ott|nov|de[czs]|ene|gen|giu|lug|dic)\w*[.,]?\s+(?:de\s+)?\d{4}\b",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\d{1,2}[.．]\d")
_CAPTION = re.compile(
    r"[【［〔\[]?(?:[图図圖]表?|表|附[图圖]|附表|fig(?:ure|\.)?|table|abb(?:ildung|\.)|tabelle|figura|tabla|tableau|tabella|exhibit"
    r"|chart)\s*[\dIVX一二三四五六七八九十]{1,4}(?:[-.–:：、．\s】］〕\]]|$|(?=[^\W\d]))",
    re.IGNORECASE,
)
_OF_FIGURE = re.compile(r"[【［〔\[]?(?:附?[图図圖](?!表)|fig|abb)", re.IGNORECASE)
_MAX_CAPTION_ROWS = 4
_FOOTNOTE = re.compile(r"(?:[*†‡§]|\d{1,2}(?=[\s.)])|[(\[]\d{1,2}[)\]]|[①-⑳]|注\s*\d*\s*[：:])\s*\S|[¹²³⁴-⁹]")
_MAX_FOOTNOTE_RATIO = 0.92  # of a footnote's height to the text's
_FOOT = 0.6  # of the page, below which footnotes stand


class Group(Struct, frozen=True):
    """Rows of one paragraph; `above` and `below` are the white space to its neighbors in the column, if any."""

    rows: list[Row]
    text: str
    box: Box
    height: float
    above: float | None = None
    below: float | None = None


class Kind(Struct, frozen=True):
    name: BlockKind = "paragraph"
    level: int | None = None


class Page(Struct, frozen=True):
    """What a column is held against: the height of the page's text, and its place from top to bottom."""

    body: float
    top: float
    bottom: float


def make_groups(paragraphs: Sequence[list[Row]]) -> list[Group]:
    groups: list[Group] = []
    for index, rows in enumerate(paragraphs):
        above = rows[0].box[1] - paragraphs[index - 1][-1].box[3] if index else None
        below = paragraphs[index + 1][0].box[1] - rows[-1].box[3] if index + 1 < len(paragraphs) else None
        lefts, tops, rights, bottoms = zip(*(row.box for row in rows), strict=True)
        area = min(lefts), min(tops), max(rights), max(bottoms)
        text = join_lines(row.text for row in rows)
        groups.append(Group(rows, text, area, median(row.height for row in rows), above, below))
    return groups


def is_caption(text: str) -> bool:
    return _CAPTION.match(text) is not None


def is_figure(text: str) -> bool:
    """Return whether a text is the caption of a figure, and of nothing that may be a table."""
    return is_caption(text) and _OF_FIGURE.match(text) is not None


def is_day(text: str) -> bool:
    """Return whether a text begins with a day: a letter's date is neither a heading, nor goes on with anything."""
    return _DAY.match(text) is not None


def depth(text: str) -> int | None:
    """Return how deep in the document's parts the number at the start of a heading stands, 1 being the highest."""
    return None if is_day(text) else next((level for pattern, level in _DEPTHS if pattern.match(text)), None)


def kinds(groups: Sequence[Group], page: Page) -> list[Kind]:
    """Return what each paragraph of a column is."""
    width = max((group.box[2] - group.box[0] for group in groups), default=0.0)
    result = [_kind(index, groups, page, width) for index in range(len(groups))]
    _mark_lists(groups, result)
    _mark_footnotes(groups, result, page)
    return result


def _kind(index: int, groups: Sequence[Group], page: Page, width: float) -> Kind:
    group = groups[index]
    if is_caption(group.text) and len(group.rows) <= _MAX_CAPTION_ROWS and not group.text.endswith(("。", "；")):
        return Kind("caption")
    is_turned = any(map(is_sideways, group.rows))  # as the name of a chart's axis
    if is_turned or len(group.rows) > _MAX_HEADING_ROWS or sum(map(str.isalpha, group.text)) < _MIN_LETTERS:
        return Kind()
    size = _letters(group.text)
    ratio = group.height / page.body if page.body else 1.0
    number = depth(group.text)
    if size <= _MAX_HEADING_WIDTH and not group.text.endswith(("，", "；", ";", "。")):
        for limit, level in _LEVELS:
            if ratio >= limit and not _is_mostly_digits(group.text):
                return Kind("heading", number or level)
    if size > _MAX_PLAIN_WIDTH or len(group.rows) > 2 or group.text.endswith(_STOPS) or ratio < 0.9:
        return Kind()
    following = groups[index + 1] if index + 1 < len(groups) else None
    if number and _heads(group, following, number, width):
        return Kind("heading", number)
    return Kind("heading", _PLAIN_LEVEL) if following and _stands_alone(group, following, width) else Kind()


def _heads(group: Group, following: Group | None, number: int, width: float) -> bool:
    """Return whether a numbered row is a heading and no item of a list: what follows it has no number of its kind."""
    if following is None:
        return bool(_DOTTED.match(group.text))
    if group.box[2] - group.box[0] > _MAX_FILL * width and not _DOTTED.match(group.text):
        return False
    return depth(following.text) != number and (group.above is None or group.above > _MIN_GAP * group.height)


def _stands_alone(group: Group, following: Group, width: float) -> bool:
    """Return whether a row is set apart from what stands above it and belongs to the text below it."""
    first = group.text[0]
    if not (first.isupper() or is_wide(first)) or len(group.rows) > 1 or _is_mostly_digits(group.text):
        return False
    if len(following.rows) < 2 or marker(following.text) or group.box[2] - group.box[0] > _MAX_FILL * width:
        return False
    if following.box[2] - following.box[0] < _MIN_FOLLOWING * following.height:
        return False
    below = group.below or 0.0
    is_near = below <= _MAX_GAP_BELOW * group.height
    above = group.above
    return is_near and (above is None or above >= max(_MIN_GAP * group.height, _MIN_GAP_RATIO * below))


def _letters(text: str) -> float:
    return len(text) + sum(map(is_wide, text))


def _is_mostly_digits(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= sum(map(str.isalpha, text))


def _style(text: str) -> str:
    """Return what the marks of a list's items have in common."""
    return re.sub(r"[A-Za-z]+", "a", re.sub(rf"[\d①-⑳]+|[{_CJK}]+", "1", marker(text))).strip()


def _mark_lists(groups: Sequence[Group], result: list[Kind]) -> None:
    """Mark the items of lists: two neighbors at least whose marks are alike; of bullets one will do."""
    styles = [
        _style(group.text) if kind.name == "paragraph" else "" for group, kind in zip(groups, result, strict=True)
    ]
    for index, style in enumerate(styles):
        near = [other for other in (*styles[max(0, index - 2) : index], *styles[index + 1 : index + 3]) if other]
        if style and (style in near or not any(map(str.isalnum, style))):
            lefts = [other.box[0] for other, is_item in zip(groups, styles, strict=True) if is_item]
            inset = groups[index].box[0] - min(lefts)
            result[index] = Kind("list_item", 1 + min(int(inset / (1.2 * groups[index].height or 1.0)), 5))


def _mark_footnotes(groups: Sequence[Group], result: list[Kind], page: Page) -> None:
    """Mark what stands in small print at a column's end, from the first that has a footnote's mark."""
    foot = page.top + _FOOT * (page.bottom - page.top)
    start = len(groups)
    while start and groups[start - 1].height <= _MAX_FOOTNOTE_RATIO * page.body and groups[start - 1].box[1] > foot:
        start -= 1
    while start < len(groups) and not _FOOTNOTE.match(groups[start].text):
        start += 1
    for index in range(start, len(groups)):
        if result[index].name in ("paragraph", "list_item"):
            result[index] = Kind("footnote")

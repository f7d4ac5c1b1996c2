"""What is written on a page beside its text layer, read by an engine and put among the layer's lines.

The engine sees regions with writing that no word of the layer covers, as strips on one small sheet.
"""

from collections.abc import Callable, Sequence

import msgspec

from folio.models import Line, Page, Word, weighted_mean
from folio.preprocess.cut import Region, Sheet, around
from folio.text.geometry import join_words
from folio.transform import Box, bounds

_PADDING = 0.6  # around a line, in its heights: what belongs to it, and white for the engine
_MIN_CONFIDENCE = 0.6  # of a word; as for what a second pass adds to a page
_MIN_CHARACTERS = 3  # letters and digits of a line: fewer are mostly parts of drawings
# On a page of another script, Latin letters are mostly what an engine makes of characters it does not know.
_MIN_LATIN_CONFIDENCE, _MIN_LATIN_CHARACTERS = 0.85, 4
_MAX_KNOWN_SHARE = 0.3  # of a word's box that is a word of the layer


def regions(lines: Sequence[Box], size: tuple[int, int]) -> list[Region]:
    """Return boxes around lines of writing, in the same pixels, from top to bottom; `size` is the page's.

    Those that touch are one.
    """
    merged: list[Region] = []
    for left, top, right, bottom in lines:
        by = _PADDING * (bottom - top)
        grown = max(0.0, left - by), max(0.0, top - by), min(size[0], right + by), min(size[1], bottom + by)
        box: Region = int(grown[0]), int(grown[1]), int(grown[2]), int(grown[3])
        while touching := next((other for other in merged if _touch(box, other)), None):
            merged.remove(touching)
            box = around((box, touching))
        merged.append(box)
    return sorted((box for box in merged if box[2] > box[0] and box[3] > box[1]), key=lambda box: (box[1], box[0]))


def _touch(box: Box, other: Box) -> bool:
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]


def merged_page(layer: Page, read: Page, sheet: Sheet) -> Page:
    """Return the layer's page with what was read on a sheet of its regions; the layer's own if that is nothing."""
    is_sure = _is_sure_latin if _is_other_script(layer.text) else _is_sure
    added = [line for line in (_new_part(line, layer, sheet, is_sure) for line in read.lines) if line]
    if not added:
        return layer
    blocks = _blocks(layer)
    for group in _grouped(added):
        blocks.insert(_position(group, blocks), group)
    return msgspec.structs.replace(
        layer,
        origin="mixed",
        text="\n\n".join("\n".join(line.text for line in block) for block in blocks),
        lines=tuple(line for block in blocks for line in block),
        confidence=weighted_mean((line.confidence, len(line.text)) for line in added),
        provider=read.provider,
        skipped_providers=read.skipped_providers,
        script=read.script,
        warnings=(*layer.warnings, *(read.warnings if read.is_whole else ())),  # parts of drawings look like that too
    )


def _new_part(line: Line, layer: Page, sheet: Sheet, is_sure: Callable[[Word], bool]) -> Line | None:
    """Return a line on the page, with the words that were read with confidence and whole, and are not the layer's."""
    on_page = (
        msgspec.structs.replace(word, polygon=sheet.to_page(word.polygon))
        for word in line.words
        if is_sure(word) and not _is_cut(word, sheet)
    )
    words = tuple(word for word in on_page if not _is_known(word, layer))
    if sum(char.isalnum() for word in words for char in word.text) < _MIN_CHARACTERS:
        return None
    return join_words(words)


def _is_cut(word: Word, sheet: Sheet) -> bool:
    """Return whether a word ends at the side of its region, on the page: something of it is outside."""
    left, top, right, bottom = sheet.region_of(word.polygon)
    a, b, c, d = bounds(sheet.to_page(word.polygon))
    return a <= left + 1 or b <= top + 1 or c >= right - 1 or d >= bottom - 1


def _is_sure(word: Word) -> bool:
    return word.confidence is None or word.confidence >= _MIN_CONFIDENCE


def _is_sure_latin(word: Word) -> bool:
    if not word.text.isascii():
        return _is_sure(word)
    confidence = 1.0 if word.confidence is None else word.confidence
    return confidence >= _MIN_LATIN_CONFIDENCE and sum(map(str.isalnum, word.text)) >= _MIN_LATIN_CHARACTERS


def _is_other_script(text: str) -> bool:
    """Return whether most letters of a text are not Latin ones."""
    alphabetic = [char for char in text if char.isalpha()]
    return sum(char > "\u024f" for char in alphabetic) > len(alphabetic) / 2


def _is_known(word: Word, layer: Page) -> bool:
    left, top, right, bottom = word.bounds
    area = max((right - left) * (bottom - top), 1.0)
    shared = 0.0
    for line in layer.lines:
        if not _touch(word.bounds, line.bounds):
            continue
        for other in line.words:
            a, b, c, d = other.bounds
            shared += max(0.0, min(right, c) - max(left, a)) * max(0.0, min(bottom, d) - max(top, b))
    return shared > _MAX_KNOWN_SHARE * area


def _blocks(page: Page) -> list[list[Line]]:
    """Return the lines of a layer's page by the paragraphs of its text."""
    lines = iter(page.lines)
    return [[next(lines) for _ in block.split("\n")] for block in page.text.split("\n\n")]


def _grouped(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines that follow each other closely as groups."""
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1].bounds if groups else None
        current = line.bounds
        if (
            last
            and current[0] < last[2]
            and last[0] < current[2]
            and abs(current[1] - last[3]) < current[3] - current[1]
        ):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _position(group: Sequence[Line], blocks: Sequence[Sequence[Line]]) -> int:
    """Return before which block a group is read: the first below it and in its column, or else after all above it."""
    left, top, right, bottom = bounds(*(line.polygon for line in group))
    middle = (top + bottom) / 2
    above = 0
    for index, block in enumerate(blocks):
        a, b, c, d = bounds(*(line.polygon for line in block))
        if (b + d) / 2 > middle and b > top and a < right and left < c:
            return index
        if (b + d) / 2 <= middle:
            above = index + 1
    return above

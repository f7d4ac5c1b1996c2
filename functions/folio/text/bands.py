"""Bands of a page from top to bottom: what shares gutters, white space with text on both sides."""

from collections.abc import Mapping, Sequence

from folio.text.columns import MAX_ITEMS, Item, are_beside, is_prose

_MAX_SPANS = 60  # of white space that are kept: no page has more beside each other

# In heights of a line (the median of the boxes).
_MIN_GUTTER = 0.6  # poppler parts lines at no narrower gap
_MIN_KEPT_GUTTER = 0.3  # of one that parts so many items already: single lines reach into it, and columns lean
_MIN_KEPT_ITEMS = 6
_MIN_PROSE_GUTTER, _PROSE_LINES = 0.02, 6  # the same of one with so many lines of prose on either side
# Of a line across a gutter that goes on below: how high it is, how much white space is above and below it, and how many
# lines of either column there are. And how high and wide a speck is.
_MAX_SLIP_HEIGHT, _MAX_SLIP_GAP, _MIN_SLIP_LINES = 2.0, 1.5, 3
_MAX_SPECK = 0.8
# Beside a page: lines on one side of a gutter, of so many in its band, where a line of so many words closes others.
_MAX_STRAY, _MIN_ITEMS, _MIN_WORDS = 1, 12, 8.0
_LEVEL = 0.5  # between the tops of two lines, of the lower one's height
_MAX_BAND_GAP = 2.5  # white space across a band, above which another begins

type Span = tuple[float, float]

_NO_GUTTERS: Mapping[Span, float] = {}


class _Band:
    """Items that share the white space `free` from left to right: spans that none of them enters."""

    def __init__(self, items: list[Item], narrowest: float) -> None:
        self.items: list[Item] = []
        self.free: list[Span] = [(float("-inf"), float("inf"))]
        self.left, self.right, self.bottom = float("inf"), float("-inf"), float("-inf")
        for item in items:
            self.add(item, _without(self.free, item, narrowest))

    def add(self, item: Item, free: list[Span]) -> None:
        self.items.append(item)
        self.free = free
        self.left, self.right = min(self.left, item.left), max(self.right, item.right)
        self.bottom = max(self.bottom, item.bottom)

    def remove_beside(self, item: Item) -> list[Item]:
        """Take off and return the last items that stand on one level with one: they begin a band with it."""
        end = len(self.items)
        while end > 1 and _is_level(self.items[end - 1], item):
            end -= 1
        beside, self.items = self.items[end:], self.items[:end]
        self.left, self.right = min(one.left for one in self.items), max(one.right for one in self.items)
        self.bottom = max(one.bottom for one in self.items)
        return beside

    def gutters(self, free: list[Span]) -> list[Span]:
        """Return the spans that have items of the band on both sides."""
        return [span for span in free if span[0] > self.left and span[1] < self.right]


def _is_level(one: Item, other: Item) -> bool:
    """Return whether two items begin on one level, beside each other."""
    height = min(one.bottom - one.top, other.bottom - other.top)
    return are_beside(one, other) and abs(one.top - other.top) <= _LEVEL * height


def bands_of(items: list[Item], height: float) -> list[tuple[list[Item], list[Span]]]:
    """Return the bands from top to bottom, each with its gutters."""
    narrowest = _MIN_GUTTER * height
    bands: list[_Band] = []
    for index, item in enumerate(items):
        band = bands[-1] if bands else None
        if band is None or item.top - band.bottom > _MAX_BAND_GAP * height:
            bands.append(_Band([item], narrowest))
            continue
        free = _kept(band, item, narrowest, height)
        before, after = band.gutters(band.free), band.gutters(free)
        had_gutters, has_gutters = bool(before), bool(after)
        if 0 < len(after) < len(before) and len(band.items) >= _MIN_ITEMS and item.words >= _MIN_WORDS:
            has_gutters = any(not _is_beside_page(gutter, band.items) for gutter in after)
        if had_gutters and not has_gutters:
            if _is_slip(item, band, items[index + 1 : index + 1 + MAX_ITEMS], height):
                band.add(item, band.free)
            else:
                bands.append(_Band([*band.remove_beside(item), item], narrowest))
        elif not has_gutters and (gap := _gap_beside(item, band, free, narrowest)):
            bands += _parted(bands.pop(), item, gap, narrowest)
        else:
            band.add(item, free)
    return [(band.items, band.gutters(band.free)) for band in bands]


def _is_beside_page(gutter: Span, items: Sequence[Item]) -> bool:
    """Return whether hardly anything stands on one side of a gutter: what lies beside a sheet that is photographed."""
    before = sum(item.right <= gutter[1] for item in items)
    return min(before, len(items) - before) <= _MAX_STRAY


def _is_slip(item: Item, band: _Band, following: Sequence[Item], height: float) -> bool:
    """Return whether an item closes a band's gutters by mistake: two lines that were read as one, or a speck.

    What belongs across columns is higher than their lines, or has white space around it, or no columns below it.
    """
    if item.bottom - item.top > _MAX_SLIP_HEIGHT * height:
        return False
    is_speck = max(item.right - item.left, item.bottom - item.top) <= _MAX_SPECK * height
    for start, end in band.gutters(band.free):
        above = _sides(band.items[:-MAX_ITEMS:-1], start, end)
        across = (at for at, one in enumerate(following) if one.left < start and one.right > end)
        below = _sides(following[: next(across, None)], start, end)
        if any(len(side) < _MIN_SLIP_LINES for side in above):
            continue
        gaps = [item.top - max(one.bottom for one in side) for side in above]
        gaps += [min(one.top for one in side) - item.bottom for side in below if side]
        goes_on = all(len(side) == _MIN_SLIP_LINES for side in below) and max(gaps) <= _MAX_SLIP_GAP * height
        if is_speck or goes_on:
            return True
    return False


def _sides(
    items: Sequence[Item], start: float, end: float, count: int = _MIN_SLIP_LINES
) -> tuple[list[Item], list[Item]]:
    """Return the first items on either side of a gutter."""
    before = [item for item in items if item.right <= end]
    after = [item for item in items if item.left >= start]
    return before[:count], after[:count]


def _kept(band: _Band, item: Item, narrowest: float, height: float) -> list[Span]:
    """Return the white space of a band that an item leaves; of its gutters narrower ones too."""
    gutters = band.gutters(band.free) if len(band.items) >= _MIN_KEPT_ITEMS else []
    narrower = dict.fromkeys(gutters, _MIN_KEPT_GUTTER * height)
    free = _without(band.free, item, narrowest, narrower)
    if len(band.gutters(free)) < len(gutters):
        closed = (span for span in gutters if span[0] < item.right and item.left < span[1])
        between = [span for span in closed if _is_between_prose(span, band.items[:-MAX_ITEMS:-1])]
        if between:
            return _without(band.free, item, narrowest, narrower | dict.fromkeys(between, _MIN_PROSE_GUTTER * height))
    return free


def _is_between_prose(gutter: Span, items: Sequence[Item]) -> bool:
    """Return whether what stands beside a gutter, the lowest item first, is prose and no cells on either side."""
    before, after = _sides(items, *gutter, count=_PROSE_LINES)
    return len(before) == len(after) == _PROSE_LINES and is_prose(before[::-1]) and is_prose(after[::-1])


def _without(free: list[Span], item: Item, narrowest: float, gutters: Mapping[Span, float] = _NO_GUTTERS) -> list[Span]:
    """Return the spans that an item leaves: none below `narrowest`, or of those in `gutters` below the limit there."""
    spans: list[Span] = []
    for span in free:
        start, end = span
        if item.right <= start or item.left >= end:
            spans.append(span)
            continue
        least = gutters.get(span, narrowest)
        if item.left - start >= least:
            spans.append((start, item.left))
        if end - item.right >= least:
            spans.append((item.right, end))
    if len(spans) > _MAX_SPANS:
        spans.remove(min(spans, key=lambda span: span[1] - span[0]))
    return spans


def _gap_beside(item: Item, band: _Band, free: list[Span], narrowest: float) -> Span | None:
    """Return the gap between the item and one beside it, if what lies above in the band closes it."""
    for other in band.items[:-MAX_ITEMS:-1]:
        if other.bottom <= item.top:
            if item.top - other.bottom > item.bottom - item.top:
                return None
            continue
        if not are_beside(item, other):
            continue
        gap = (other.right, item.left) if other.right < item.left else (item.right, other.left)
        is_open = any(start < gap[1] and end > gap[0] for start, end in free)
        if gap[1] - gap[0] >= narrowest and not is_open:
            return gap
    return None


def _parted(band: _Band, item: Item, gap: Span, narrowest: float) -> list[_Band]:
    """Return the band without its last items that keep the gap open, and a band of these and the item."""
    start = len(band.items)
    while start and sum(end - begin for begin, end in _without([gap], band.items[start - 1], narrowest)) >= narrowest:
        gap = max(_without([gap], band.items[start - 1], narrowest), key=lambda span: span[1] - span[0])
        start -= 1
    before = [_Band(band.items[:start], narrowest)] if start else []
    return [*before, _Band([*band.items[start:], item], narrowest)]

"""Takes text that nobody sees out of a page's content: invisible by its rendering mode, or under a picture of the page.

What is drawn stays the same to the pixel: only operators that show text go, and those only where no visible text takes
its position from them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from folio.outputs.pdf.content_stream import Operation, Unreadable, decoded, entry_of, name_of, operations, value_of
from folio.transform import Box

type Matrix = tuple[float, float, float, float, float, float]

_INVISIBLE, _FIRST_CLIPPING = 3, 4  # text rendering modes
_SHOWING = (b"Tj", b"TJ", b"'", b'"')
_PLACING = (b"BT", b"ET", b"Td", b"TD", b"Tm", b"T*", b"'", b'"')
_PATHS = (b"m", b"l", b"c", b"v", b"y", b"h")
_PAINTING = (b"n", b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*")
_DRAWING = (*_PAINTING[1:], b"Do", b"EI", b"sh")
_MAX_DEPTH = 6  # of forms in forms
_NEAR = 1.0  # the page's units by which a picture of the page may be smaller; whoever removes compares drawings


class Cleaned(Struct, frozen=True):
    """A stream without hidden text, and new objects of forms by name; `risky` if a drawing has to prove it equal."""

    data: bytes
    forms: dict[str, int]
    risky: bool


class _State(Struct, frozen=True):
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    mode: int = 0
    type3: bool = False  # such fonts know no modes
    clipped: bool = False
    blended: bool = False


class _Show(Struct):
    operation: Operation
    run: int  # shows that take their positions from each other
    hidden: bool
    clips: bool


class _Span(Struct):
    """Marked content that says what its text is, and the shows in it; `holds_more` if it draws something too."""

    operation: Operation
    depth: int
    shows: range
    holds_more: bool = False


class HiddenText:
    """Removes it from pages and from the forms they draw. `put_form` writes a new version of one: its object number."""

    def __init__(self, put_form: Callable[[Any, Any, bytes, dict[str, int]], int]) -> None:
        self._put_form = put_form
        self._forms: dict[tuple[int, int, bool], int | None] = {}

    def clean(self, streams: list[Any], resources: Any, frame: Box) -> Cleaned | None:
        """Return the page's content without hidden text, or None if there is none in it. Raises Unreadable.

        `frame` is what is visible of the page: left, bottom, right, top.
        """
        return self._cleaned(decoded(streams), resources, frame, False, 0)

    def _cleaned(self, data: bytes, resources: Any, frame: Box | None, covered: bool, depth: int) -> Cleaned | None:
        walk = _Walk(resources, frame)
        for operation in operations(data):
            walk.take(operation)
        if covered:
            walk.hide_shows()
        forms = {}
        for name, calls in walk.forms.items():
            below = covered or all(position < walk.covered_until for position, _ in calls)
            if all(mode == 0 for _, mode in calls) and depth < _MAX_DEPTH:
                number = self._form(entry_of(resources, "/XObject", name), resources, below, depth + 1)
                if number is not None:
                    forms[name] = number
                    walk.trusts_picture |= below
        parts = list(_without(data, walk.shows, walk.spans))
        if len(parts) == 1 and not forms:
            return None
        return Cleaned(b"".join(parts), forms, walk.trusts_picture or walk.has_inline_images)

    def _form(self, form: Any, resources: Any, covered: bool, depth: int) -> int | None:
        """Return the number of a form's new version, or None if it stays as it is."""
        reference = form.indirect_reference
        key = (reference.idnum, reference.generation, covered) if reference is not None else None
        if key in self._forms:
            return self._forms[key]
        resources = value_of(form, "/Resources") or resources
        cleaned = self._cleaned(decoded([form]), resources, None, covered, depth)
        number = self._put_form(form, resources, cleaned.data, cleaned.forms) if cleaned else None
        if key:
            self._forms[key] = number
        return number


class _Walk:
    """What the operators of a stream do, as far as it tells which text is seen."""

    def __init__(self, resources: Any, frame: Box | None) -> None:
        self.shows: list[_Show] = []
        self.forms: dict[str, list[tuple[int, int]]] = {}  # by name: where it is drawn, and in which mode
        self.covered_until = 0  # offset; all that is drawn before lies under a picture
        self.has_inline_images = False
        self.trusts_picture = False  # that it hides what is hidden by nothing else
        self._resources, self._frame = resources, frame
        self._state, self._stack = _State(), list[_State]()
        self._run = 0
        self._path: list[Box | None] = []  # rectangles; None for anything else
        self._clips = False
        self.spans: list[_Span] = []
        self._marked: list[bool] = []  # whether it can be switched off
        self._open: list[_Span] = []
        self._strips: list[Box] = []

    def take(self, operation: Operation) -> None:
        name = operation.name
        if name in _PLACING:
            self._run += 1
        for span in self._open:
            span.holds_more |= name in _DRAWING
        if name in _SHOWING:
            self._show(operation)
        elif name in _PATHS:
            self._path.append(None)
        elif name in _PAINTING:
            self._paint()
        elif handler := _HANDLERS.get(name):
            handler(self, operation)

    def hide_shows(self) -> None:
        """Take all that was shown so far for hidden by a picture."""
        for show in self.shows:
            self.trusts_picture |= not (show.hidden or show.clips)
            show.hidden |= not show.clips

    def _show(self, operation: Operation) -> None:
        state = self._state
        clips = state.mode >= _FIRST_CLIPPING
        self.shows.append(_Show(operation, self._run, state.mode == _INVISIBLE and not state.type3, clips))
        if clips:
            self._state = replace(state, clipped=True)

    def _paint(self) -> None:
        if self._clips:
            whole = len(self._path) == 1 and self._path[0] is not None and self._covers([self._path[0]])
            self._state = replace(self._state, clipped=self._state.clipped or not whole)
        self._path, self._clips = [], False

    def _save(self, _: Operation) -> None:
        self._stack.append(self._state)

    def _restore(self, _: Operation) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def _concatenate(self, operation: Operation) -> None:
        a, b, c, d, e, f = operation.numbers(6)
        p, q, r, s, t, u = self._state.matrix
        matrix = a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
        self._state = replace(self._state, matrix=matrix)

    def _render(self, operation: Operation) -> None:
        self._state = replace(self._state, mode=int(operation.numbers(1)[0]))

    def _font(self, operation: Operation) -> None:
        if len(operation.operands) < 2:
            raise Unreadable
        font = entry_of(self._resources, "/Font", name_of(operation.operands[-2]))
        self._state = replace(self._state, type3=value_of(font, "/Subtype") == "/Type3")

    def _graphics(self, operation: Operation) -> None:
        parameters = entry_of(
            self._resources, "/ExtGState", name_of(operation.operands[-1] if operation.operands else b"")
        )
        blended = (
            value_of(parameters, "/SMask") not in (None, "/None")
            or value_of(parameters, "/BM") not in (None, "/Normal", "/Compatible")
            or value_of(parameters, "/ca") not in (None, 1)
        )
        font = value_of(parameters, "/Font")
        type3 = self._state.type3 if not font else value_of(font[0].get_object(), "/Subtype") == "/Type3"
        self._state = replace(self._state, blended=self._state.blended or blended, type3=type3)

    def _rectangle(self, operation: Operation) -> None:
        x, y, width, height = operation.numbers(4)
        self._path.append(_placed((x, y, x + width, y + height), self._state.matrix))

    def _clip(self, _: Operation) -> None:
        self._clips = True

    def _mark(self, operation: Operation) -> None:
        self._marked.append(operation.name == b"BDC" and operation.operands[:1] == [b"/OC"])
        if any(b"/ActualText" in operand for operand in operation.operands):
            self._open.append(_Span(operation, len(self._marked), range(len(self.shows), len(self.shows))))

    def _end_mark(self, _: Operation) -> None:
        if self._open and self._open[-1].depth == len(self._marked):
            span = self._open.pop()
            self.spans.append(replace(span, shows=range(span.shows.start, len(self.shows))))
        if self._marked:
            self._marked.pop()

    def _inline_image(self, _: Operation) -> None:
        self.has_inline_images = True

    def _draw(self, operation: Operation) -> None:
        name = name_of(operation.operands[-1] if operation.operands else b"")
        drawn = entry_of(self._resources, "/XObject", name)
        if value_of(drawn, "/Subtype") == "/Form":
            self.forms.setdefault(name, []).append((operation.start, self._state.mode))
        elif _is_opaque(drawn) and not (self._state.clipped or self._state.blended or any(self._marked)):
            location = _placed((0, 0, 1, 1), self._state.matrix)
            if location is not None:
                self._strips.append(location)
            if self._covers(self._strips):
                self.covered_until, self._strips = operation.start, []
                self.hide_shows()

    def _covers(self, locations: list[Box]) -> bool:
        """Return whether rectangles that are as wide as the page cover all of it, from its bottom up."""
        if self._frame is None:
            return False
        left, bottom, right, top = self._frame
        reached = bottom
        for low, high in sorted((y0, y1) for x0, y0, x1, y1 in locations if x0 <= left + _NEAR and x1 >= right - _NEAR):
            if low <= reached + _NEAR:
                reached = max(reached, high)
        return reached >= top - _NEAR


_HANDLERS: dict[bytes, Callable[[_Walk, Operation], None]] = {
    b"q": _Walk._save, b"Q": _Walk._restore, b"cm": _Walk._concatenate, b"Tr": _Walk._render, b"Tf": _Walk._font,
    b"gs": _Walk._graphics, b"re": _Walk._rectangle, b"W": _Walk._clip, b"W*": _Walk._clip, b"BDC": _Walk._mark,
    b"BMC": _Walk._mark, b"EMC": _Walk._end_mark, b"EI": _Walk._inline_image, b"Do": _Walk._draw,
}  # fmt: skip


def _without(data: bytes, shows: list[_Show], spans: list[_Span]) -> Iterator[bytes]:
    """Yield the parts of a stream around the hidden shows and what spans say of them; one part alone if none can go."""
    needed = {show.run: index for index, show in enumerate(shows) if not show.hidden}  # the last visible one of a run
    gone = {index for index, show in enumerate(shows) if show.hidden and index > needed.get(show.run, -1)}
    empty = (span.operation for span in spans if span.shows and not span.holds_more and gone.issuperset(span.shows))
    changes = [
        (operation, _stands_for(operation)) for operation in (*(shows[index].operation for index in gone), *empty)
    ]
    start = 0
    for operation, instead in sorted(changes, key=lambda change: change[0].start):
        yield data[start : operation.start]
        yield instead
        start = operation.end
    yield data[start:]


def _stands_for(operation: Operation) -> bytes:
    """Return what a show does besides showing, and marked content besides saying what is in it."""
    if operation.name == b"BDC":
        return b"%s BMC" % operation.operands[0]
    if operation.name == b"'":
        return b"T*"
    if operation.name == b'"':
        words, characters = (
            (operation.operands[-3], operation.operands[-2]) if len(operation.operands) > 2 else (b"0", b"0")
        )
        return b"%s Tw %s Tc T*" % (words, characters)
    return b""


def _placed(box: Box, matrix: Matrix) -> Box | None:
    """Return a rectangle in the page's units, or None if it does not lie along the axes."""
    a, b, c, d, e, f = matrix
    if not ((abs(b) < 1e-6 and abs(c) < 1e-6) or (abs(a) < 1e-6 and abs(d) < 1e-6)):
        return None
    xs = sorted(a * x + c * y + e for x, y in (box[:2], box[2:]))
    ys = sorted(b * x + d * y + f for x, y in (box[:2], box[2:]))
    return xs[0], ys[0], xs[1], ys[1]


def _is_opaque(image: Any) -> bool:
    translucent = ("/SMask", "/Mask", "/ImageMask", "/OC", "/SMaskInData")
    return value_of(image, "/Subtype") == "/Image" and not any(value_of(image, name) for name in translucent)

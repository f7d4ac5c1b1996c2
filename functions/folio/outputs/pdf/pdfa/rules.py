"""Why a page cannot go into a PDF/A as it is: what ISO 19005-2, 6.2, forbids in contents, pictures and colors.

A page is looked at with all it draws: forms, patterns, soft masks, glyphs that are drawings. What viewers do not need
is no reason: `copying` leaves it out.
"""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from folio.outputs.pdf.content_stream import Operation, Unreadable, decoded, operations
from folio.outputs.pdf.page_objects import dictionary, streams_of
from folio.outputs.pdf.pdfa.colors import check_color_space
from folio.outputs.pdf.pdfa.fonts import check_font
from folio.outputs.pdf.pdfa.jpeg2000 import is_archivable
from folio.outputs.pdf.pdfa.refusal import Forbidden, array, get, key_of

_OPERATORS = frozenset(
    b"b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l M m MP n q Q re"
    b" RG rg ri S s SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"".split()
)
_SHOWING, _INVISIBLE = (b"Tj", b"TJ", b"'", b'"'), b"3"
_INTENTS = ("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation")
_BLEND_MODES = (
    "/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn",
    "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity",
)  # fmt: skip
_MAX_SAVES = 28  # of the graphics state in one another (6.1.13)
_MAX_DEPTH = 12  # of drawings in drawings
_HIDDEN_LAYERS = "it has layers that may be hidden"
_SIDES = (3, 14_400)  # of a page, in its units


class _TextState(Struct, frozen=True):
    """The font by its name in the resources, and how its glyphs are drawn."""

    font: str = ""
    mode: bytes = b"0"


class PageRules:
    """Looks at one page after the other, and at what several of them draw once. Its methods raise Forbidden."""

    def __init__(self, *, hidden_layers: bool = False) -> None:
        """`hidden_layers`: the document has optional content that a reader does not see at first."""
        self._hidden_layers = hidden_layers
        self._seen: dict[tuple[int, int], Forbidden | None] = {}
        self._used: dict[str, set[str]] = {}
        self._depth = 0

    def check_page(self, page: Any, size: tuple[float, float]) -> dict[str, set[str]]:
        """Look at a page of pypdf's and all that is drawn on it but its annotations; `size` in its units.

        Return the names of the resources that its content uses, by their kind.
        """
        if not all(_SIDES[0] <= side <= _SIDES[1] for side in size):
            raise Forbidden("its size is beyond what PDF/A allows")
        self._used = {"/ColorSpace": set()}
        self._check_group(page)
        resources = dictionary(page, "/Resources")
        for name in ("/DefaultGray", "/DefaultRGB"):
            if (space := get(dictionary(resources, "/ColorSpace"), name)) is not None:
                check_color_space(space)
        self._check_content(streams_of(page), resources)
        return self._used

    def check_form(self, form: Any) -> None:
        """Look at a form XObject, a pattern or an appearance."""
        if get(form, "/Subtype2") == "/PS" or get(form, "/PS") is not None:
            raise Forbidden("it has PostScript in it")
        self._check_group(form)
        self._check_content([form], dictionary(form, "/Resources"))

    def _check_group(self, holder: Any) -> None:
        group = get(holder, "/Group")
        if isinstance(group, dict) and (space := get(group, "/CS")) is not None:
            check_color_space(space)

    def _check_content(self, streams: list[Any], resources: Any) -> None:
        try:
            self._check_operations(operations(decoded(streams)), resources)
        except (Forbidden, MemoryError):
            raise
        except Exception as error:  # pypdf raises whatever comes first in a damaged stream
            raise Forbidden("its content cannot be read") from error

    def _check_operations(self, content: Iterator[Operation], resources: Any) -> None:
        state, saved = _TextState(), list[_TextState]()
        for operation in content:
            if operation.name == b"q":
                saved.append(state)
            elif operation.name == b"Q" and saved:
                state = saved.pop()
            if len(saved) > _MAX_SAVES:
                raise Forbidden(f"it saves the graphics state more than {_MAX_SAVES} times over")
            self._check_operation(operation, resources)
            state = self._text(operation, state, resources)

    def _check_operation(self, operation: Operation, resources: Any) -> None:
        name = operation.name
        if name not in _OPERATORS:
            raise Forbidden("its content has operators that PDF does not define")
        if name in (b"k", b"K"):
            check_color_space("/DeviceCMYK")
        if check := _CHECKS.get(name):
            operand = operation.operands[-1] if operation.operands else b""
            check(self, operation, _name(operand), resources)

    def _once(self, holder: Any, kind: str, name: str, check: Callable[[Any], None]) -> None:
        """Look at a resource, if nobody has."""
        self._note(kind, name)
        raw = _raw(dictionary(holder, kind), name)
        if raw is None:
            raise Forbidden(f"its content names a resource that is not there ({kind[1:]})")
        key = key_of(raw)
        if key is None:
            self._deeper(check, raw)
        elif key not in self._seen:
            self._seen[key] = None  # a drawing that draws itself is looked at once
            try:
                self._deeper(check, raw.get_object())
            except Forbidden as error:
                self._seen[key] = error
        if key is not None and (known := self._seen[key]):
            raise known

    def _note(self, kind: str, name: str) -> None:
        if self._depth == 0:
            self._used.setdefault(kind, set()).add(name)

    def _deeper(self, check: Callable[[Any], None], value: Any) -> None:
        if self._depth == _MAX_DEPTH:
            raise Forbidden("its drawings lie too deep in one another")
        self._depth += 1
        try:
            check(value)
        finally:
            self._depth -= 1

    def _text(self, operation: Operation, state: _TextState, resources: Any) -> _TextState:
        """Follow what text is set in. Only a font of which something is painted has to be in the file."""
        if operation.name == b"Tr" and operation.operands:
            return replace(state, mode=operation.operands[-1])
        if operation.name == b"Tf":
            name = _name(operation.operands[-2] if len(operation.operands) > 1 else b"")
            self._note("/Font", name)
            return replace(state, font=name)
        if operation.name in _SHOWING and state.mode != _INVISIBLE:
            self._once(resources, "/Font", state.font, self._check_font)
        return state

    def _check_font(self, font: Any) -> None:
        check_font(font)
        if get(font, "/Subtype") == "/Type3":
            for glyph in dictionary(font, "/CharProcs").values():
                self._check_content([glyph.get_object()], dictionary(font, "/Resources"))

    def _drawing(self, _: Operation, name: str, resources: Any) -> None:
        self._once(resources, "/XObject", name, self._check_drawing)

    def _check_drawing(self, drawn: Any) -> None:
        if self._hidden_layers and "/OC" in drawn:
            raise Forbidden(_HIDDEN_LAYERS)
        kind = get(drawn, "/Subtype")
        if kind == "/Form":
            self.check_form(drawn)
        elif kind == "/Image":
            self._check_image(drawn)
        else:
            raise Forbidden("it draws what is neither a picture nor a form")

    def _check_image(self, image: Any) -> None:
        filters = array(image, "/Filter") or [get(image, "/Filter")]
        if "/JPXDecode" in filters and not is_archivable(image._data):
            raise Forbidden("a JPEG 2000 picture in it is not of the kind that PDF/A allows")
        if (space := get(image, "/ColorSpace")) is not None:
            check_color_space(space)
        mask = get(image, "/SMask")
        if isinstance(mask, dict):
            self._deeper(self._check_image, mask)

    def _graphics(self, _: Operation, name: str, resources: Any) -> None:
        self._once(resources, "/ExtGState", name, self._check_graphics)

    def _check_graphics(self, state: Any) -> None:
        if get(state, "/TR") not in (None, "/Identity", "/Default") or get(state, "/TR2") not in (None, "/Default"):
            raise Forbidden("it has a transfer function")
        if get(state, "/HTP") is not None:
            raise Forbidden("it sets the phase of halftones")
        modes = array(state, "/BM") or [get(state, "/BM")]
        if any(mode is not None and mode not in _BLEND_MODES for mode in modes):
            raise Forbidden("it mixes colors in a way that PDF does not define")
        mask = get(state, "/SMask")
        if isinstance(mask, dict) and (form := get(mask, "/G")) is not None:
            self._deeper(self.check_form, form)
        if font := array(state, "/Font"):
            self._deeper(self._check_font, font[0])

    def _space(self, _: Operation, name: str, resources: Any) -> None:
        self._note("/ColorSpace", name)
        check_color_space(name if name.startswith("/Device") or name == "/Pattern" else _named(resources, name))

    def _pattern(self, operation: Operation, name: str, resources: Any) -> None:
        if operation.operands and operation.operands[-1].startswith(b"/"):
            self._once(resources, "/Pattern", name, self._check_pattern)

    def _check_pattern(self, pattern: Any) -> None:
        if get(pattern, "/PatternType") == 1:
            self.check_form(pattern)
        else:
            self._check_shading(get(pattern, "/Shading"))

    def _shading(self, _: Operation, name: str, resources: Any) -> None:
        self._once(resources, "/Shading", name, self._check_shading)

    def _check_shading(self, shading: Any) -> None:
        check_color_space(get(shading, "/ColorSpace"))

    def _intent(self, _: Operation, name: str, __: Any) -> None:
        if name not in _INTENTS:
            raise Forbidden("it has a rendering intent that PDF does not define")

    def _mark(self, operation: Operation, name: str, _: Any) -> None:
        if self._hidden_layers and operation.operands[0] == b"/OC":
            raise Forbidden(_HIDDEN_LAYERS)
        if name:
            self._note("/Properties", name)

    def _inline_image(self, operation: Operation, _: str, resources: Any) -> None:
        entries = dict(_pairs(operation.operands))
        filters = entries.get(b"/F", entries.get(b"/Filter", b""))
        if b"LZW" in filters or b"Crypt" in filters:
            raise Forbidden("a picture in its content is compressed as PDF/A does not allow")
        if entries.get(b"/I", entries.get(b"/Interpolate")) == b"true":
            raise Forbidden("a picture in its content is to be smoothed by the viewer")
        space = entries.get(b"/CS", entries.get(b"/ColorSpace", b"/G"))
        if space.startswith(b"["):
            if b"CMYK" in space:
                check_color_space("/DeviceCMYK")
        elif (name := _name(space)) not in ("/G", "/RGB", "/DeviceGray", "/DeviceRGB"):
            self._note("/ColorSpace", name)
            check_color_space("/DeviceCMYK" if name == "/CMYK" else _named(resources, name))


_CHECKS: dict[bytes, Callable[[PageRules, Operation, str, Any], None]] = {
    b"Do": PageRules._drawing, b"gs": PageRules._graphics, b"cs": PageRules._space,
    b"CS": PageRules._space, b"scn": PageRules._pattern, b"SCN": PageRules._pattern, b"sh": PageRules._shading,
    b"ri": PageRules._intent, b"EI": PageRules._inline_image, b"BDC": PageRules._mark, b"DP": PageRules._mark,
}  # fmt: skip


def _named(resources: Any, name: str) -> Any:
    space = get(dictionary(resources, "/ColorSpace"), name)
    return name if space is None else space


def _pairs(operands: Any) -> Iterator[tuple[bytes, bytes]]:
    return zip(operands[::2], operands[1::2], strict=False)


def _name(token: bytes) -> str:
    if not token.startswith(b"/"):
        return ""
    if b"#" in token or not token.isascii():
        raise Unreadable
    return token.decode("ascii")


def _raw(holder: Any, name: str) -> Any:
    return holder.raw_get(name) if isinstance(holder, dict) and name in holder and hasattr(holder, "raw_get") else None

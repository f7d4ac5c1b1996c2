"""Color spaces (ISO 19005-2, 6.2.4): the PDF/A says what red, green and blue are; a press's colors nobody can tell."""

from typing import Any

from folio.outputs.pdf.pdfa.refusal import Forbidden, get

_DEFINED = ("/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/Lab", "/Pattern")
_COMPONENTS = {b"GRAY": 1, b"RGB ": 3, b"Lab ": 3, b"CMYK": 4}
_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")
_MAX_DEPTH = 6
_MAX_COLORANTS = 32
_HEADER_BYTES = 128
_MAX_VERSION = 4  # of ICC profiles


def check_color_space(space: Any, depth: int = 0) -> None:
    """Raise Forbidden for a color space that PDF/A does not define."""
    if depth == _MAX_DEPTH:
        raise Forbidden("its color spaces lie too deep in one another")
    kind, *operands = [item.get_object() for item in space] if isinstance(space, list) and space else [space]
    if kind in ("/DeviceCMYK", "/CMYK"):
        raise Forbidden("it has colors of a printing press (CMYK) without a profile")
    if kind == "/ICCBased" and operands:
        _check_profile(operands[0])
    elif kind in ("/Separation", "/DeviceN") and len(operands) > 1:
        if isinstance(operands[0], list) and len(operands[0]) > _MAX_COLORANTS:
            raise Forbidden("it mixes more colors than PDF/A allows")
        check_color_space(operands[1], depth + 1)
    elif kind in ("/Indexed", "/Pattern") and operands:
        check_color_space(operands[0], depth + 1)
    elif kind not in _DEFINED:
        raise Forbidden("a color space in it is none that PDF defines")


def _check_profile(stream: Any) -> None:
    try:
        header = stream.get_data()[:_HEADER_BYTES]
    except Exception as error:  # pypdf raises whatever comes first in a damaged stream
        raise Forbidden("a color profile in it cannot be read") from error
    fits = (
        len(header) == _HEADER_BYTES
        and header[8] <= _MAX_VERSION
        and header[12:16] in _CLASSES
        and header[36:40] == b"acsp"
        and _COMPONENTS.get(header[16:20]) == get(stream, "/N")
    )
    if not fits:
        raise Forbidden("a color profile in it is not of the kind that PDF/A allows")

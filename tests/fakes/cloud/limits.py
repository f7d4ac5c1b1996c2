"""What a picture may be: every operation has limits of its own, and every service a code of its own for each breach."""

from msgspec import Struct

from tests.fakes.cloud.reading import NotAPicture, decodes, measure
from tests.fakes.cloud.server import Call, Refused

MB = 1024 * 1024


class Limits(Struct, frozen=True):
    """`size` is in bytes of whatever the service counts; the sides are in pixels, both ends allowed."""

    size: int
    formats: frozenset[str]
    shortest: int = 1
    longest: int = 1_000_000
    ratio: float = 1_000_000


class Codes(Struct, frozen=True):
    """The service's words for a picture that is too many bytes, of no known kind, or of a wrong shape."""

    size: str
    format: str
    sides: str


def check(image: bytes, call: Call, limits: Limits, codes: Codes) -> None:
    """Measure the picture, note it in the record, and refuse it if it is out of bounds."""
    call.bytes = len(image)
    try:
        picture = measure(image)
    except NotAPicture:
        raise Refused(codes.format) from None
    call.width, call.height = picture.width, picture.height
    if picture.format not in limits.formats:
        raise Refused(codes.format)
    short, long = sorted((picture.width, picture.height))
    if short < limits.shortest or long > limits.longest or long > short * limits.ratio:
        raise Refused(codes.sides)
    if not decodes(image):
        raise Refused(codes.format)

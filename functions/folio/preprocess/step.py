"""A step of preparation, and what it gives."""

from collections.abc import Callable

from msgspec import Struct

from folio.documents.raster.pixels import Grey
from folio.transform import Box, Transform


class Watermark(Struct, frozen=True):
    """A watermark that was taken off: where it was, in pixels, and its ink, black on white in a scale of its own."""

    box: Box
    ink: Grey


class StepResult(Struct, frozen=True):
    """The image after a step; `back` leads from the new pixels to the old. Not done: the image as it was.

    `note` says by how much, where that is a number; `skew` is by how many degrees it was turned clockwise. `watermark`
    is one that was taken off, in the new pixels.
    """

    image: Grey
    back: Transform = Transform()
    done: bool = True
    note: str = ""
    skew: float = 0.0
    watermark: Watermark | None = None


class Step(Struct, frozen=True):
    """A step of a recipe under the name that results publish, which stays when the function is renamed."""

    name: str
    run: Callable[[Grey], StepResult]


def unchanged(image: Grey) -> StepResult:
    """Return the result of a step that found nothing to do."""
    return StepResult(image, done=False)

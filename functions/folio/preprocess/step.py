"""What a step of preparation is."""

from msgspec import Struct

from folio.pixels import Grey
from folio.transform import Transform


class Step(Struct, frozen=True):
    """A step's outcome; `back` leads from the new pixels to the old. Not done: the image as it was.

    `note` says by how much, where that is a number; `skew` is by how many degrees it was turned clockwise.
    """

    image: Grey
    back: Transform = Transform()
    done: bool = True
    note: str = ""
    skew: float = 0.0

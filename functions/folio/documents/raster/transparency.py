"""Pictures with transparent parts, laid on a ground that shows what is drawn on them."""

from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey, Mask, components

if TYPE_CHECKING:
    from PIL.Image import Image

_MIN_OPACITY = 64  # of 255, from which on a pixel is part of what is drawn
_DARK = 128  # of 255; what is darker shows on white
# Of a drawn shape: pixels, or share of its area, that may be dark without being what shows of it.
_MAX_DARK_PX, _MAX_DARK_SHARE = 8, 0.0005


def split(image: "Image") -> tuple["Image", "Image | None"]:
    """Return the colors (L or RGB) and the opacity (L); None where all is opaque.

    A BMP with an opacity of 0 everywhere comes from a program that leaves these bytes empty.
    """
    if not image.has_transparency_data:
        return image, None
    layered = image.convert("LA" if image.mode in ("L", "LA", "La") else "RGBA")
    opacity = layered.getchannel("A")
    plain = layered.convert("L" if layered.mode == "LA" else "RGB")
    extremes = opacity.getextrema()
    if extremes == (255, 255) or (extremes == (0, 0) and image.format in ("BMP", "DIB")):
        return plain, None
    return plain, opacity


def lay_on_ground(grey: "Image", opacity: "Image") -> "Image":
    """Return the picture on white, with those of its shapes in negative that white would hide. Modes L."""
    import numpy as np
    from PIL import Image

    shade = np.asarray(grey)
    hidden = _hidden(shade, np.asarray(opacity))
    if hidden.any():
        grey = Image.fromarray(np.where(hidden, 255 - shade, shade).astype(np.uint8))
    flat = Image.new("L", grey.size, 255)
    flat.paste(grey, mask=opacity)
    return flat


def is_hidden_by_white(grey: "Image", opacity: "Image") -> bool:
    """Return whether white would hide a shape of the picture. Modes L."""
    import numpy as np

    return bool(_hidden(np.asarray(grey), np.asarray(opacity)).any())


def _hidden(shade: Grey, opacity: Grey) -> Mask:
    """Return the pixels of light shapes, of what is drawn together on transparency: a character, a card with its text.

    A shape with some dark in it shows by that.
    """
    import cv2
    import numpy as np

    drawn = opacity >= _MIN_OPACITY
    if not (drawn & (shade >= _DARK)).any():
        return np.zeros(shade.shape, bool)
    shapes = components(drawn.astype(np.uint8))
    dark = np.bincount(shapes.labels[drawn & (shade < _DARK)], minlength=len(shapes.area) + 1)[1:]
    light = shapes.mask(dark <= np.maximum(np.minimum(_MAX_DARK_PX, shapes.area // 4), _MAX_DARK_SHARE * shapes.area))
    # The soft edge of a shape is hardly drawn, but is part of it.
    return (cv2.dilate(light, np.ones((5, 5), np.uint8)) > 0) & ((light > 0) | ~drawn)

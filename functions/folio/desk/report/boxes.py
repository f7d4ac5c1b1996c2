"""A picture of a page with its words boxed: what to look at when a result surprises."""

from pathlib import Path

from folio.documents.raster import images
from folio.models import Page

# From this confidence upwards in this color; words without confidence are blue.
COLORS = ((0.9, "#1a9850"), (0.7, "#f59e0b"), (0.0, "#d73027"))
UNKNOWN = "#2563eb"


def draw_boxes(picture: Path, page: Page, target: Path) -> None:
    """Draw the words of `page` over its picture (any size of the same page) and save it as PNG."""
    from PIL import ImageDraw

    canvas = images.load_own(picture).convert("RGB")
    across, down = canvas.width / page.width, canvas.height / page.height
    pen = ImageDraw.Draw(canvas)
    for line in page.lines:
        for word in line.words:
            corners = [(x * across, y * down) for x, y in word.polygon]
            pen.line([*corners, corners[0]], fill=color(word.confidence), width=max(2, canvas.width // 800))
    canvas.save(target, "PNG")


def color(confidence: float | None) -> str:
    """Return the color of a box by its confidence, 0 to 1, or unknown."""
    if confidence is None:
        return UNKNOWN
    return next(color for low, color in COLORS if confidence >= low)

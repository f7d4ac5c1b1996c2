"""What telephones do to a paper, and what copies add: shown at an angle, folded, in dim light, packed small, marked."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tests.benchmarks.papers.canvas import Color, font_of

type Pixels = NDArray[np.float32]  # height x width x 3, 0 to 255

_SIDES_PX = 1600, 1920, 2400, 3000
_MAX_TILT_DEGREES = 25.0
_DISTANCE = 1.5  # of the camera, in longer sides of the paper


def telephone(image: Color, seed: int) -> Color:
    """Show a paper on a table as a telephone's JPEG does: tilted, folded in four or crumpled, with a soft shadow."""
    made = np.random.default_rng(seed)
    matrix, (width, height) = _seen(image, made)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    flat = cv2.perspectiveTransform(np.stack([columns, rows], -1), np.linalg.inv(matrix)).astype(np.float32)
    bent, shade = _creased(flat, image.shape[:2], made)
    sheet = cv2.remap(
        image.astype(np.float32), bent[..., 0], bent[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    is_inside = ((bent >= 0) & (bent < np.array(image.shape[1::-1]))).all(axis=-1).astype(np.float32)
    inside = cv2.GaussianBlur(is_inside, (0, 0), 0.8)[..., None]
    table = made.choice([45.0, 110.0, 200.0]) + 14 * np.sin(rows / 23)[..., None] + made.normal(0, 5, (*rows.shape, 3))
    scene = (sheet * shade[..., None] * inside + table * (1 - inside)) * _light(rows, columns, made)[..., None]
    return _packed(scene.astype(np.float32), made)


def copied(image: Color, seed: int) -> Color:
    """Show a gray copy on a white sheet, with a faint text all over it, scanned a little askew."""
    made = np.random.default_rng(seed)
    gray = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    height, width = image.shape[:2]
    sheet = np.full((round(height * 1.3), round(width * 1.15), 3), 255, np.uint8)
    sheet[height // 8 : height // 8 + height, width // 16 : width // 16 + width] = gray
    marked = Image.fromarray(sheet)
    faint = Image.new("L", (2 * marked.width, 2 * marked.height), 0)
    text, size = "仅供办理业务使用 复印无效", max(30, width // 34)
    for row, top in enumerate(range(0, faint.height, 6 * size)):
        for left in range(-(row % 2) * 5 * size, faint.width, (len(text) + 3) * size):
            ImageDraw.Draw(faint).text((left, top), text, font=font_of(size), fill=80)
    faint = faint.rotate(float(made.uniform(20, 40)), resample=Image.Resampling.BICUBIC)
    across, down = marked.width // 2, marked.height // 2
    marked.paste((120, 120, 120), (0, 0), faint.crop((across, down, across + marked.width, down + marked.height)))
    turn = cv2.getRotationMatrix2D((marked.width / 2, marked.height / 2), float(made.uniform(-1, 1)), 1)
    turned = cv2.warpAffine(np.asarray(marked), turn, marked.size, borderValue=(255, 255, 255))
    noisy = cv2.GaussianBlur(turned, (0, 0), 0.7) + made.normal(0, 4, turned.shape)
    scanned: Color = np.clip(noisy, 0, 255).astype(np.uint8)
    return scanned


def _seen(image: Color, made: np.random.Generator) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """Return how a paper's pixels come to the picture's, and the size of that: turned about an axis in its plane."""
    height, width = image.shape[:2]
    tilt, axis, roll = made.uniform(0, _MAX_TILT_DEGREES), made.uniform(0, 2 * math.pi), math.radians(made.normal(0, 4))
    along = np.array([math.cos(axis), math.sin(axis)])
    across = np.array([-along[1], along[0]])
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (width / 2, height / 2)
    off = square @ across
    near = np.outer(square @ along, along) + np.outer(off * math.cos(math.radians(tilt)), across)
    far = _DISTANCE * max(width, height)
    points = near * (far / (far + off * math.sin(math.radians(tilt))))[:, None]
    points = points @ np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]])
    margin = made.uniform(0.03, 0.15) * max(width, height)
    points += margin - points.min(axis=0)
    size = np.ceil(points.max(axis=0) + margin).astype(int)
    start = (square + np.array([width / 2, height / 2])).astype(np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(start, points.astype(np.float32)), np.float64)
    return matrix, (int(size[0]), int(size[1]))


def _creased(flat: Pixels, size: tuple[int, int], made: np.random.Generator) -> tuple[Pixels, NDArray[np.float64]]:
    """Return where the paper's pixels are if it was folded in four, or crumpled, and how light it is there."""
    high, wide = size
    u, v = flat[..., 0] / wide, flat[..., 1] / high
    if made.random() < 0.5:
        grain = cv2.GaussianBlur(
            made.normal(0, 1, (u.shape[0] // 8 + 1, u.shape[1] // 8 + 1)), (0, 0), u.shape[1] / 110
        )
        waves = cv2.resize(grain / grain.std(), u.shape[::-1])
        shade = np.clip(1 + 0.6 * cv2.Sobel(waves, cv2.CV_64F, 1, 0, ksize=5) / u.shape[1] * 4, 0.75, 1.15)
        return (flat + 2.0 * np.stack([waves, np.roll(waves, 37, 1)], -1)).astype(np.float32), shade
    shade = np.ones(u.shape)
    bent = flat.copy()
    for along, share, other in ((u, wide, 1), (v, high, 0)):
        bent[..., other] -= made.uniform(-0.008, 0.008) * share * np.exp(-6 * np.abs(along - 0.5))
        fold = np.exp(-(((along - 0.5) * share / 4) ** 2))
        shade *= 1 + made.uniform(-0.1, 0.1) * np.sign(along - 0.5) - 0.25 * fold
    return bent, shade


def _light(rows: Pixels, columns: Pixels, made: np.random.Generator) -> NDArray[np.float64]:
    """Return light that falls off, and at times the soft shadow of a hand or of the telephone."""
    angle = made.uniform(0, 2 * math.pi)
    along = columns / columns.max() * math.cos(angle) + rows / rows.max() * math.sin(angle)
    light = 1 - made.uniform(0, 0.3) * (along - along.min()) / np.ptp(along)
    if made.random() < 0.4:
        edge = float(np.quantile(along, made.uniform(0.3, 0.7)))
        light = light * (1 - made.uniform(0.15, 0.45) / (1 + np.exp(-(along - edge) * made.uniform(10, 60))))
    return np.asarray(light, np.float64)


def _packed(scene: Pixels, made: np.random.Generator) -> Color:
    """Return a scene in a telephone's pixels: unsharp, with noise, as JPEG of a low quality, lying any way."""
    scale = max(0.85, float(made.choice(_SIDES_PX)) / max(scene.shape))
    sized = cv2.resize(scene, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    is_dim = made.random() < 0.25
    blurred = cv2.GaussianBlur(sized * (0.6 if is_dim else 1.0), (0, 0), float(made.uniform(0.4, 1.0) * max(1, scale)))
    noisy = blurred + made.normal(0, 8 if is_dim else 3, sized.shape)
    turned = np.rot90(np.clip(noisy, 0, 255).astype(np.uint8), int(made.choice([0, 0, 1, 2, 3])))
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(made.integers(40, 75))]
    packed = cv2.imencode(".jpg", np.ascontiguousarray(turned), quality)[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)

"""All kinds of papers, and the ways they are shown: clean, scanned, photographed, folded, as in life or copied."""

import random
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np

from tests.benchmarks.invoices import Invoice, photograph
from tests.benchmarks.papers import abroad, camera, cards, fiscal, invoices, receipts, slips, vehicles
from tests.benchmarks.papers.canvas import Color, Paper

KINDS: dict[str, Callable[[random.Random], Paper]] = {
    **{f"invoice-{kind}": partial(invoices.draw, kind) for kind in invoices.KINDS},
    **{f"invoice-{kind}": draw for kind, draw in (slips.KINDS | vehicles.KINDS | fiscal.KINDS).items()},
    "id_card-front": cards.id_card_front,
    "id_card-back": cards.id_card_back,
    "bank_card": cards.bank_card,
    "business_license": cards.business_license,
    "train_ticket": cards.train_ticket,
    "receipt": receipts.draw,
    "receipt-chinese": receipts.draw_chinese,
    **abroad.KINDS,
}
HOWS = "clean", "scanned", "photographed", "folded"
HARDER = {"telephone": camera.telephone, "copied": camera.copied}


def draw(kind: str, seed: int) -> Paper:
    """Draw a paper of a kind; the same seed draws the same."""
    return KINDS[kind](random.Random(f"{kind} {seed}"))


def shown(image: Color, how: str, seed: int) -> Color:
    """Show a drawn paper in one of `HOWS`, or of what is harder."""
    if how in HARDER:
        return HARDER[how](image, seed)
    if how == "folded":
        return _small(photograph(Invoice("", _folded(image, seed), {}, {}), seed).image, seed)
    if how == "photographed":
        return photograph(Invoice("", image, {}, {}), seed).image
    return _scanned(image, seed) if how == "scanned" else image


def _folded(image: Color, seed: int) -> Color:
    """Fold a sheet once, and open it again: a dark line down it, and less light on one side."""
    lit = image.astype(np.float32)
    fold = round(image.shape[1] * float(np.random.default_rng(seed).uniform(0.4, 0.6)))
    lit[:, fold:] *= 0.9
    lit[:, fold - 2 : fold + 3] *= 0.8
    return lit.astype(np.uint8)


def _small(photo: Color, seed: int) -> Color:
    """Show a photograph in fewer pixels, every other one on its side."""
    small = cv2.resize(photo, None, fx=0.68, fy=0.68, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(np.rot90(small)) if seed % 2 else np.asarray(small, np.uint8)


def _scanned(image: Color, seed: int) -> Color:
    """Scan it: on white, up to a degree and a half askew, a little blurred, with noise, as JPEG."""
    made = np.random.default_rng(seed)
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(made.uniform(-1.5, 1.5)), 1)
    turn[:, 2] += 60
    turned = cv2.warpAffine(image, turn, (width + 120, height + 120), borderValue=(250, 250, 250))
    noisy = cv2.GaussianBlur(turned, (0, 0), 0.8) + made.normal(0, 6, turned.shape)
    packed = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 70])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)

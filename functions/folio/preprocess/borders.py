"""The step that removes the black border around a scanned sheet."""

from folio.documents.pixels import Grey
from folio.preprocess.step import StepResult

DARK = 60  # a scanner's lid, or the table beside the sheet


def remove_border(image: Grey) -> StepResult:
    """Paper instead of the black border a scanner or copier leaves around a sheet."""
    import cv2
    import numpy as np

    dark = (image < DARK).astype(np.uint8)
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    paper = float(np.median(image))
    if edge.mean() < 0.1 or paper < 2 * DARK:
        return StepResult(image, done=False)
    # What of the dark is thick and touches the edge: letters do neither.
    thick = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    _, labels = cv2.connectedComponents(thick)
    touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    frame = np.isin(labels, touching[touching > 0]).astype(np.uint8)
    if not frame.any():
        return StepResult(image, done=False)
    whitened = image.copy()
    whitened[cv2.dilate(frame, np.ones((7, 7), np.uint8)) > 0] = int(paper)
    return StepResult(whitened)

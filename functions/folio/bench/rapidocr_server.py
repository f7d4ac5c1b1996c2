"""Stock RapidOCR as a server: image paths come in, a line each, and its lines go out as JSON.

Run by a Python that has `rapidocr` and `onnxruntime`, on one thread; it imports nothing of Folio.
"""

import json
import sys

from rapidocr import RapidOCR  # type: ignore[import-not-found]

_ONE_THREAD = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}


def main() -> None:
    engine = RapidOCR(params={**_ONE_THREAD, "Global.log_level": "critical"})
    for path in sys.stdin:
        try:
            answer = _read(engine, path.rstrip("\n"))
        except Exception:  # noqa: BLE001 (the pages after it are read all the same)
            answer = None
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _read(engine: RapidOCR, path: str) -> list[object]:
    page = engine(path, return_word_box=True)
    words = [
        {"text": text, "confidence": float(score), "box": _bounds(box)}
        for line in page.word_results or ()
        for text, score, box in line
        if box
    ]
    return [page.txts or (), words]


def _bounds(points: list[tuple[float, float]]) -> list[float]:
    across, down = zip(*points, strict=True)
    return [float(min(across)), float(min(down)), float(max(across)), float(max(down))]


if __name__ == "__main__":
    main()

"""The layer's Tesseract beside this machine's: CPU on the same pages with the same data, and whether they read alike.

Run: .venv/bin/python -m tests.benchmarks.engine LAYER_FOLDER [PICTURE ...]

Each page (pictures given, else the shared ones, else our own letter) is drawn to PGM, then read by both, one right
after the other, in turns, one thread each. Prints CPU seconds, their ratio, and the character error rate between the
two texts. Exit code 1 if the layer's needs more CPU.
"""

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from folio.bench.scores import distance
from tests.benchmarks.overhead import cost, drawn, scan

LIMIT = 1.0


def read(command: str, data: Path, picture: Path, out: Path) -> None:
    arguments = [command, str(picture), str(out), "--tessdata-dir", str(data), "-l", "eng", "--dpi", "300"]
    subprocess.run(arguments, env=os.environ | {"OMP_THREAD_LIMIT": "1"}, check=True, capture_output=True)


def main() -> int:
    layer = Path(sys.argv.pop(1)).resolve()
    engines = {"system": "tesseract", "layer": str(layer / "bin" / "tesseract")}
    data = layer / "share" / "tessdata"
    spent = dict.fromkeys(engines, 0.0)
    errors = characters = 0
    with tempfile.TemporaryDirectory() as name:
        for number, image in enumerate(drawn(scan(), Path(name))):
            texts = {}
            for engine in sorted(engines, reverse=bool(number % 2)):
                out = Path(name) / f"{engine}{number}"
                spent[engine] += cost(partial(read, engines[engine], data, image.path, out))
                texts[engine] = " ".join(out.with_suffix(".txt").read_text().split())
            errors += distance(texts["system"], texts["layer"])
            characters += len(texts["system"])
    ratio = spent["layer"] / spent["system"]
    told = ", ".join(f"{engine} {seconds:.2f}" for engine, seconds in spent.items())
    print(f"CPU seconds: {told}; ratio {ratio:.3f}, at most {LIMIT}; characters that differ {errors / characters:.4f}")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())

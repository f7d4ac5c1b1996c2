"""What reading PDFs by default settings takes, and how much of it goes to the engine.

Run: .venv/bin/python -m tests.benchmarks.mixed_pages FOLDER...

Copies the PDFs of each folder, reads them with `folio read`, and prints seconds of processor time, pages by origin, and
how many regions beside text layers went to the engine. With another checkout's `functions` in PYTHONPATH it measures
that one; there are no regions where it knows none.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.opening import open_document
from folio.models import Result, decode
from folio.options.resolve import resolve_options
from folio.textlayer.layers import TextLayers


def main() -> None:
    for folder in map(Path, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as name:
            copies = [Path(shutil.copy(path, name)) for path in sorted(folder.glob("*.pdf"))]
            seconds = _read(copies)
            results = [
                decode(found.read_bytes(), Result)
                for path in copies
                if (found := path.with_name(path.name + ".ocr.json")).is_file()
            ]
            origins = Counter(page.origin for result in results for page in result.pages)
            print(f"{folder.name}: {len(copies)} PDFs, {seconds:.1f} s of CPU, pages {dict(origins)}")
            print(f"  regions beside text layers: {_regions(copies)}")


def _read(paths: list[Path]) -> float:
    before = os.times()
    subprocess.run([sys.executable, "-m", "folio", "read", *paths], stdout=subprocess.DEVNULL, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _regions(paths: list[Path]) -> str:
    try:
        from folio.reading.mixed_page import regions
    except ImportError:
        return "none are known"
    settings, pages, count = Settings(), 0, 0
    for path in paths:
        document = open_document(path, settings, 60)
        numbers = range(1, document.pages + 1)
        layers = TextLayers(document, numbers, resolve_options(settings, {}).options, settings)
        with tempfile.TemporaryDirectory() as name:
            for number in numbers:
                layer = layers.page(number, Path(name), Deadline())
                if layer.page and layer.outside:
                    pages += 1
                    count += len(regions(layer.outside, (layer.page.width, layer.page.height)))
    return f"{count} on {pages} pages"


if __name__ == "__main__":
    main()

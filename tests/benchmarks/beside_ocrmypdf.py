"""What a searchable PDF costs beside OCRmyPDF: CPU and time by the clock of the same scan, read by both in turns.

Run: .venv/bin/python -m tests.benchmarks.beside_ocrmypdf [--ocrmypdf PROGRAM] [--rounds N] [--encoding jpeg] [FOLDER]

Of the pictures of a folder (the shared ones of mixed pages, unless another is named) eight, spread over their names,
become a scan: a PDF of one picture a page, at 300 dpi, as JPEG or Flate. In each round both programs make a searchable
PDF of it, one right after the other, the order changing: `folio read --outputs pdf` and `ocrmypdf --output-type pdf`,
both with the same number of jobs. Counted are the CPU (user and system) of each with all its children, and its time by
the clock. OCRmyPDF is on PATH or named; it needs an environment of its own (`python3 -m venv ENV && ENV/bin/pip install
ocrmypdf`) and the system's Tesseract (`apt-get install tesseract-ocr`). Exit code 1 if Folio needs more than 1.0 of its
CPU or 0.8 of its time in all rounds together.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from msgspec import Struct
from PIL import Image

from folio.documents.pdf.objects import PdfFile
from tests.support.paths import SHARED

PAGES, DPI = 8, 300
CPU_LIMIT, CLOCK_LIMIT = 1.0, 0.8
_QUALITY = 90
_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
_INSTALL = (
    "ocrmypdf is not on PATH: make an environment (python3 -m venv ENV; ENV/bin/pip install ocrmypdf), "
    "install tesseract-ocr, and say --ocrmypdf ENV/bin/ocrmypdf."
)


class Spent(Struct, frozen=True):
    """Seconds of a run: of processors, its children's with them, and by the clock."""

    cpu: float
    clock: float


def chosen(folder: Path) -> list[Path]:
    """Return eight pictures of a folder, spread over its names in order; all, if there are fewer."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES)
    return [files[index * len(files) // PAGES] for index in range(PAGES)] if len(files) > PAGES else files


def write_scan(pictures: Sequence[Path], encoding: str, target: Path) -> None:
    """Write a PDF of one picture a page, which fills it at 300 dpi."""
    file = PdfFile.new(target)
    root = file.reserve()
    parent = file.reserve()
    kids = [_put_page(file, Image.open(picture), encoding, parent) for picture in pictures]
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    file.put(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), listed), parent)
    file.put(b"<</Type/Catalog/Pages %d 0 R>>" % parent, root)
    file.finish({"Root": b"%d 0 R" % root})


def _put_page(file: PdfFile, picture: Image.Image, encoding: str, parent: int) -> int:
    picture = _opaque(picture)
    space = b"/DeviceGray" if picture.mode == "L" else b"/DeviceRGB"
    form = b"/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace%s/Width %d/Height %d" % (space, *picture.size)
    if encoding == "jpeg":
        data = BytesIO()
        picture.save(data, "jpeg", quality=_QUALITY)
        image = file.put_stream(data.getvalue(), form + b"/Filter/DCTDecode")
    else:
        image = file.put_deflated(picture.tobytes(), form)
    width, height = (side * 72 / DPI for side in picture.size)
    content = file.put_stream(b"q %.4f 0 0 %.4f 0 0 cm /Im0 Do Q" % (width, height))
    resources = b"<</XObject<</Im0 %d 0 R>>>>" % image
    box = b"[0 0 %.4f %.4f]" % (width, height)
    return file.put(
        b"<</Type/Page/Parent %d 0 R/MediaBox%s/Resources%s/Contents %d 0 R>>" % (parent, box, resources, content)
    )


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode == "L":
        return picture
    whole = picture.convert("RGBA")
    paper = Image.new("RGBA", whole.size, "white")
    return Image.alpha_composite(paper, whole).convert("RGB")


def spent(command: Sequence[str | Path]) -> Spent:
    """Run a program to its end. Raises subprocess.CalledProcessError."""
    began = time.monotonic()
    before = os.times()
    # Who compiles its modules anew in each process is slower by a fifth: no installed program does.
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, capture_output=True, env=compiled)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Spent(cpu, time.monotonic() - began)


def folio(scan: Path, jobs: int, folder: Path) -> Spent:
    program = Path(sys.executable).with_name("folio")
    out = folder / "folio"
    return spent([program, "read", scan, "--outputs", "pdf", "--jobs", str(jobs), "-o", out, "--force", "-q"])


def ocrmypdf(program: str, scan: Path, jobs: int, folder: Path) -> Spent:
    return spent([program, "-q", "--output-type", "pdf", "-j", str(jobs), scan, folder / "ocrmypdf.pdf"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED / "mixed")
    parser.add_argument("--ocrmypdf", default="ocrmypdf", help="its program [default: the one on PATH]")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=2, help="pages that both read at once")
    parser.add_argument("--encoding", choices=("jpeg", "flate"), default="jpeg")
    return parser.parse_args()


def rounds(readers: dict[str, Callable[[], Spent]], count: int) -> dict[str, list[Spent]]:
    """Return what each of the readers spent in each round; who begins changes."""
    measured: dict[str, list[Spent]] = {name: [] for name in readers}
    for number in range(count):
        for name in sorted(readers, reverse=bool(number % 2)):
            measured[name].append(readers[name]())
        ours, theirs = measured["folio"][-1], measured["ocrmypdf"][-1]
        print(
            f"{number + 1:5} {ours.cpu:10.1f} {theirs.cpu:9.1f} {ours.cpu / theirs.cpu:6.2f}"
            f" {ours.clock:12.1f} {theirs.clock:9.1f} {ours.clock / theirs.clock:6.2f}",
            flush=True,
        )
    return measured


def main() -> int:
    given = _arguments()
    program = shutil.which(given.ocrmypdf)
    if program is None:
        print(_INSTALL)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder, scan = Path(name), Path(name) / "scan.pdf"
        pictures = chosen(given.folder)
        write_scan(pictures, given.encoding, scan)
        print(f"{len(pictures)} pages: {', '.join(picture.name for picture in pictures)}")
        print("round  CPU folio  ocrmypdf  ratio  clock folio  ocrmypdf  ratio")
        measured = rounds(
            {
                "folio": lambda: folio(scan, given.jobs, folder),
                "ocrmypdf": lambda: ocrmypdf(program, scan, given.jobs, folder),
            },
            given.rounds,
        )
    cpu, clock = (
        sum(getattr(one, what) for one in measured["folio"]) / sum(getattr(one, what) for one in measured["ocrmypdf"])
        for what in ("cpu", "clock")
    )
    print(f"CPU {cpu:.2f} of OCRmyPDF's, at most {CPU_LIMIT}; time by the clock {clock:.2f}, at most {CLOCK_LIMIT}")
    return int(cpu > CPU_LIMIT or clock > CLOCK_LIMIT)


if __name__ == "__main__":
    sys.exit(main())

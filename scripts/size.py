"""What the function and its layers weigh, by part, the largest first; exit code 1 over the budget.

Run: .venv/bin/python scripts/size.py FOLDER, where FOLDER has x86_64/ocr-tools and so on, as `make layers` leaves them.
"""

import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from msgspec import Struct

FUNCTION = Path(__file__).resolve().parents[1] / "functions"
LAYERS = ("ocr-tools", "python")
BUDGET = 242_000_000  # bytes, unzipped; what SAM builds follows links and has 12 million more than is counted here
LAMBDA = 262_144_000  # where AWS refuses it


class Weight(Struct, frozen=True):
    """Bytes of one part, and what it adds to the archive that is uploaded."""

    name: str
    unzipped: int
    zipped: int


def deployed(folder: Path) -> Iterator[Path]:
    """The files that `sam build` takes along; bytecode is a layer's own, but an accident in the function."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return (file for file in files if folder != FUNCTION or "__pycache__" not in file.parts)


def parts(name: str, folder: Path, depth: int) -> list[Weight]:
    """The files under a folder, summed up by the first `depth` names of their paths."""
    plain: dict[str, int] = defaultdict(int)
    packed: dict[str, int] = defaultdict(int)
    with TemporaryFile() as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in deployed(folder):
            relative = path.relative_to(folder)
            archive.write(path, relative)
            part = "/".join((name, *relative.parts[:depth]))
            plain[part] += path.stat().st_size
            packed[part] += archive.getinfo(str(relative)).compress_size
    return [Weight(part, plain[part], packed[part]) for part in plain]


def weigh(layers: Path) -> list[Weight]:
    """The function and the layers of one architecture, the largest part first."""
    weights = parts("functions", FUNCTION, 0)
    for layer in LAYERS:
        weights += parts(layer, layers / layer, 2)
    return sorted(weights, key=lambda part: -part.unzipped)


def complete(folder: Path) -> list[Path]:
    """The folders of the architectures that are built."""
    return [weights for weights in sorted(folder.glob("*")) if all((weights / layer).is_dir() for layer in LAYERS)]


def show(architecture: str, weights: list[Weight]) -> int:
    """Print one architecture's table; its bytes unzipped."""
    print(f"{architecture:<54} {'unzipped':>11} {'zipped':>11}")
    total = Weight("together", sum(part.unzipped for part in weights), sum(part.zipped for part in weights))
    for part in [*weights, total]:
        print(f"  {part.name:<52} {part.unzipped:11,} {part.zipped:11,}")
    print(f"  {total.unzipped / BUDGET:.0%} of the budget of {BUDGET:,}; AWS takes {LAMBDA:,}\n")
    return total.unzipped


def main() -> int:
    built = complete(Path(sys.argv[1]))
    if not built:
        print("No layers are built; run `make layers`.", file=sys.stderr)
        return 1
    return int(any([show(folder.name, weigh(folder)) > BUDGET for folder in built]))  # noqa: C419 (show them all)


if __name__ == "__main__":
    sys.exit(main())

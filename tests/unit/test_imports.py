"""The import rule: imports point down only, and what is heavy or foreign stays where it belongs."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[2] / "functions"
# A room (a folder, or a module at the root) imports only from rooms on lower floors, or from itself.
FLOORS = {
    "folio.__main__": 12,
    "folio": 11, "handlers": 11,
    "folio.cli": 11,
    "folio.bench": 10, "folio.library": 10, "folio.serve": 10,
    "folio.api": 9, "folio.desk": 9,
    "folio.wiring": 8,
    "folio.longdocs": 7, "folio.jobs": 7,
    "folio.reading": 6,
    "folio.options": 5, "folio.structure": 5,
    "folio.preprocess": 4, "folio.textlayer": 4, "folio.outputs": 4, "folio.providers": 4, "folio.search": 4,
    "folio.documents": 3, "folio.ops": 3, "folio.process_pool": 3, "folio.network": 3, "folio.review": 3,
    "folio.config": 2, "folio.problems": 2, "folio.stores": 2, "folio.text": 2,
    "folio.models": 1, "folio.deadline": 1,
    "folio.errors": 0, "folio.transform": 0, "folio.keys": 0, "folio.s3_events": 0, "folio.version": 0,
}  # fmt: skip
PIXELS = {
    "folio.documents.raster.deep_jpeg", "folio.documents.raster.huffman", "folio.documents.raster.pixels",
    "folio.documents.raster.stamp_ink", "folio.documents.raster.stamps", "folio.documents.raster.transparency",
    "folio.preprocess", "folio.providers.ppocr", "folio.providers.tesseract", "folio.structure",
    "folio.textlayer",
}  # fmt: skip
# A foreign name -> who may touch it.
BANS = {
    "Image.open": {
        "folio.documents.raster.images",
        "folio.documents.pdf.embed",  # which packs what was decoded there as PNG
        "folio.documents.pdf.scan_picture",  # JPEGs alone, which no file holds
    },
    "aip": {"folio.providers.cloud.baidu"},
    "aws_lambda_powertools": {"handlers", "folio.providers.cloud.credentials"},
    "boto3": {
        "folio.stores.s3",
        "folio.providers.cloud.credentials",
        "folio.longdocs.workflow",
        "folio.ops",
        "folio.serve",
        "handlers",
    },
    "botocore": {
        "folio.stores.s3",
        "folio.providers.cloud.credentials",
        "folio.longdocs.workflow",
        "folio.ops",
        "handlers",
    },
    "cv2": PIXELS,
    "cv2.imread": {"folio.documents.raster.pixels"},
    "mcp": {"folio.serve.agents"},
    "numpy": PIXELS,
    "onnxruntime": {"folio.providers.ppocr.onnx.sessions"},
    "os.environ": {"folio.config.settings", "folio.config.environment"},
    "os.getenv": {"folio.config.settings", "folio.config.environment"},
    "urllib3": {"folio.network"},
    "folio.wiring": {"handlers", "folio.cli", "folio.serve", "folio.bench", "folio.library"},
    "pypdf": {
        "folio.documents.pdf.facts",
        "folio.documents.pdf.vertical_fonts",
        "folio.outputs.pdf",
        "folio.documents.pdf.attachments",
        "folio.documents.pdf.reader",
        "folio.documents.pdf.scan_picture",
        "folio.textlayer.text_only",
    },
}
HEAVY = {
    "boto3",
    "botocore",
    "cv2",
    "moto",
    "numpy",
    "onnxruntime",
    "pdf2image",
    "PIL",
    "pypdf",
    "pytesseract",
    "requests",
    "urllib3",
}


def room(module: str) -> str:
    """The room a module belongs to: the folder or module below the root that its name begins with."""
    parts = module.removesuffix(".__init__").split(".")
    return ".".join(parts[:1] if parts[0] == "handlers" else parts[:2])


def imported(node: ast.AST) -> list[str]:
    """Full names, one for each name that is brought in."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
    return []


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when the module is imported: none in functions, none for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from at_import(child)


def violations(source: str, module: str) -> list[str]:
    tree = ast.parse(source)
    home = room(module)
    if home not in FLOORS:
        return [f"{module} is not in the table of floors: add it to FLOORS in {Path(__file__).name}"]
    names = [name for node in ast.walk(tree) for name in imported(node)]
    touched = names + [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    found = [f"{module} imports {name}: write the whole name" for name in names if name.startswith(".")]
    for name in names:
        target = next((part for part in (room(name), room(name.rpartition(".")[0])) if part in FLOORS), None)
        if target and target != home and FLOORS[target] >= FLOORS[home]:
            found.append(f"{module} (floor {FLOORS[home]}) imports {name} (floor {FLOORS[target]})")
    for banned, allowed in BANS.items():
        at_home = any(f"{module}.".startswith(f"{place}.") for place in allowed)
        if not at_home and any(f"{name}.".startswith(f"{banned}.") for name in touched):
            found.append(f"{module} touches {banned}, which belongs to {', '.join(sorted(allowed))}")
    early = {name.split(".")[0] for node in at_import(tree) for name in imported(node)} & HEAVY
    if module.startswith("folio"):
        found += [f"{module} imports {name} at its top: move it into what uses it" for name in sorted(early)]
    return found


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(root.rglob("*.py")):
        yield ".".join(path.relative_to(root).with_suffix("").parts), path


def test_every_module_keeps_the_rule() -> None:
    assert [line for module, path in modules(FUNCTIONS) for line in violations(path.read_text(), module)] == []


def inner_rooms(module: str, name: str) -> Iterator[tuple[str, str, str]]:
    """The room around two others, and these, where a module imports a name from another room of the same one."""
    here, there = module.split("."), name.split(".")
    depth = next((index for index, (one, other) in enumerate(zip(here, there, strict=False)) if one != other), 0)
    is_room = [FUNCTIONS.joinpath(*path[: depth + 1]).is_dir() for path in (here, there)]
    if depth > 1 and all(is_room):
        yield ".".join(here[:depth]), here[depth], there[depth]


def test_rooms_within_a_room_import_in_one_direction() -> None:
    imports: dict[str, dict[str, set[str]]] = {}
    for module, path in modules(FUNCTIONS):
        names = [name for node in ast.walk(ast.parse(path.read_text())) for name in imported(node)]
        for around, here, there in (rooms for name in names for rooms in inner_rooms(module, name)):
            imports.setdefault(around, {}).setdefault(here, set()).add(there)
    orders = {around: tuple(TopologicalSorter(rooms).static_order()) for around, rooms in imports.items()}
    assert orders["folio.providers.ppocr"][-1] == "marks"


def test_the_rule_looks_at_the_whole_house() -> None:
    names = {module for module, _ in modules(FUNCTIONS)}
    assert {"folio.reading.pipeline", "folio.stores.s3", "handlers.upload"} <= names


@pytest.mark.parametrize(
    ("module", "source", "says"),
    [
        ("folio.models", "from folio.config import Settings", "imports folio.config.Settings (floor 2)"),
        ("folio.models", "from folio import config", "imports folio.config (floor 2)"),
        ("folio.models", "import folio.config", "imports folio.config (floor 2)"),
        ("folio.documents.document", "def f():\n    from folio.reading import pipeline", "imports folio.reading"),
        ("folio.stores.s3", "from folio.outputs.result_json import JsonWriter", "imports folio.outputs"),
        ("folio.reading.pipeline", "from handlers.upload import handler", "imports handlers.upload"),
        ("folio.documents.rasterize", "from . import images", "write the whole name"),
        ("folio.wiring", "from aws_lambda_powertools import Logger", "touches aws_lambda_powertools"),
        ("folio.stores.folder", "def f():\n    import boto3", "touches boto3"),
        ("folio.desk.local", "from botocore.config import Config", "touches botocore"),
        ("folio.desk.local", "def f():\n    from folio.wiring import local_services", "touches folio.wiring"),
        ("folio.documents.raster.images", "def f():\n    import numpy as np", "touches numpy"),
        ("folio.desk.local", "def f():\n    from PIL import Image\n    Image.open(a)", "touches Image.open"),
        ("folio.preprocess", "def f():\n    import cv2\n    cv2.imread(a)", "touches cv2.imread"),
        ("folio.desk.local", "import os\nhome = os.environ['HOME']", "touches os.environ"),
        ("folio.desk.local", "from os import environ", "touches os.environ"),
        ("folio.desk.local", "import os\ndef f(): return os.getenv('HOME')", "touches os.getenv"),
        ("folio.documents.raster.images", "from PIL import Image", "imports PIL at its top"),
        ("folio.preprocess", "try:\n    import cv2\nexcept ImportError:\n    pass", "imports cv2 at its top"),
        ("folio.documents.raster.images", "class A:\n    from PIL import Image", "imports PIL at its top"),
        ("folio.newcomer", "", "add it to FLOORS"),
    ],
)
def test_a_planted_violation_is_found(module: str, source: str, says: str) -> None:
    assert any(says in line for line in violations(source, module)), violations(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("folio.preprocess", "def f():\n    import cv2"),
        ("folio.documents.raster.images", "if TYPE_CHECKING:\n    from PIL.Image import Image"),
        ("folio.stores.s3", "from folio.stores.base import Store"),
        ("folio.config.settings", "import os\nos.environ['A'] = 'b'"),
        ("handlers.upload", "from aws_lambda_powertools import Logger\nfrom folio.s3_events import uploads"),
        ("folio.cli", "from folio.version import __version__\nfrom folio.desk import local"),
    ],
)
def test_what_is_allowed_is_let_through(module: str, source: str) -> None:
    assert violations(source, module) == []

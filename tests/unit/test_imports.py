"""The import rule: imports point down only, and what is heavy or foreign stays where it belongs."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[2] / "functions"
# A module imports only from lower levels, or from its own package.
LEVELS = {
    "handlers": 5, "folio.__main__": 5.5, "folio.cli": 5, "folio.cli_operations": 4.9, "folio.operations": 4.7,
    "folio.local": 4.5, "folio.demo": 4.5, "folio.wiring": 4,
    "folio.bench": 4.7, "folio.inspection": 4.7, "folio.api": 4.7, "folio.serve": 4.8,
    "folio.workers": 3.7, "folio.steps": 3.5, "folio.pipeline": 3, "folio.reading": 2.97, "folio.pagereader": 2.95,
    "folio.request": 2.9,
    "folio.fanout": 2.9, "folio.fallback": 2.9, "folio.checkpoint": 2.5,
    "folio.results": 2.5,
    "folio.document": 2, "folio.raster": 2, "folio.preprocess": 2, "folio.textlayer": 2,
    "folio.providers": 2, "folio.outputs": 2, "folio.stores": 2,
    "folio.config": 1, "folio.credentials": 1.5, "folio.cost": 1, "folio.retry": 1,
    "folio.naming": 1, "folio.events": 1, "folio.poppler": 1, "folio.pictures": 1, "folio.pdfimages": 1.5,
    "folio.legible": 1, "folio.pixels": 0.5, "folio.visible": 1,
    "folio.spacing": 1, "folio.geometry": 1.5, "folio.overlooked": 1.7, "folio.merging": 1.7, "folio.secondlook": 1.8,
    "folio.switches": 0.5, "folio.processes": 1.5,
    "folio.models": 0, "folio.errors": 0, "folio.transform": -1, "folio": -1,
}  # fmt: skip
PACKAGES = {
    "handlers",
    "folio.api",
    "folio.serve",
    "folio.bench",
    "folio.operations",
    "folio.preprocess",
    "folio.providers",
    "folio.outputs",
    "folio.stores",
}
PIXELS = {
    "folio.overlooked", "folio.pixels", "folio.preprocess", "folio.raster", "folio.secondlook", "folio.textlayer",
    "folio.visible",
}  # fmt: skip
# A foreign name -> who may touch it.
BANS = {
    "aip": {"folio.providers.baidu"},
    "aws_lambda_powertools": {"handlers", "folio.credentials"},
    "boto3": {"folio.stores.s3", "folio.credentials", "folio.operations", "folio.serve", "handlers"},
    "botocore": {"folio.stores.s3", "folio.credentials", "folio.operations", "handlers"},
    "cv2": PIXELS,
    "numpy": PIXELS,
    "os.environ": {"folio.config"},
    "os.getenv": {"folio.config"},
    "pypdf": {"folio.outputs.searchable"},
}
HEAVY = {"boto3", "botocore", "cv2", "moto", "numpy", "pdf2image", "PIL", "pypdf", "pytesseract", "requests"}


def unit(module: str) -> str:
    """The row of the table a module belongs to: its package, if that is one unit, or itself."""
    package = next((package for package in PACKAGES if f"{module}.".startswith(f"{package}.")), None)
    return package or module.removesuffix(".__init__")


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
    home = unit(module)
    if home not in LEVELS:
        return [f"{module} is not in the table of levels: add it to LEVELS in {Path(__file__).name}"]
    names = [name for node in ast.walk(tree) for name in imported(node)]
    touched = names + [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    found = [f"{module} imports {name}: write the whole name" for name in names if name.startswith(".")]
    for name in names:
        target = next((part for part in (unit(name), unit(name.rpartition(".")[0])) if part in LEVELS), None)
        if target and target != home and LEVELS[target] >= LEVELS[home]:
            found.append(f"{module} (level {LEVELS[home]}) imports {name} (level {LEVELS[target]})")
    for banned, allowed in BANS.items():
        if {module, home}.isdisjoint(allowed) and any(f"{name}.".startswith(f"{banned}.") for name in touched):
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


def test_the_rule_looks_at_the_whole_house() -> None:
    names = {module for module, _ in modules(FUNCTIONS)}
    assert {"folio.pipeline", "folio.stores.s3", "handlers.upload"} <= names


@pytest.mark.parametrize(
    ("module", "source", "says"),
    [
        ("folio.models", "from folio.config import Settings", "imports folio.config.Settings (level 1)"),
        ("folio.models", "from folio import config", "imports folio.config (level 1)"),
        ("folio.models", "import folio.config", "imports folio.config (level 1)"),
        ("folio.document", "def f():\n    from folio.raster import rasterize", "imports folio.raster"),
        ("folio.stores.s3", "from folio.outputs.json import JsonWriter", "imports folio.outputs.json"),
        ("folio.pipeline", "from handlers.upload import handler", "imports handlers.upload"),
        ("folio.raster", "from . import pictures", "write the whole name"),
        ("folio.wiring", "from aws_lambda_powertools import Logger", "touches aws_lambda_powertools"),
        ("folio.stores.folder", "def f():\n    import boto3", "touches boto3"),
        ("folio.local", "from botocore.config import Config", "touches botocore"),
        ("folio.pictures", "def f():\n    import numpy as np", "touches numpy"),
        ("folio.local", "import os\nhome = os.environ['HOME']", "touches os.environ"),
        ("folio.local", "from os import environ", "touches os.environ"),
        ("folio.local", "import os\ndef f(): return os.getenv('HOME')", "touches os.getenv"),
        ("folio.pictures", "from PIL import Image", "imports PIL at its top"),
        ("folio.preprocess", "try:\n    import cv2\nexcept ImportError:\n    pass", "imports cv2 at its top"),
        ("folio.pictures", "class A:\n    from PIL import Image", "imports PIL at its top"),
        ("folio.newcomer", "", "add it to LEVELS"),
    ],
)
def test_a_planted_violation_is_found(module: str, source: str, says: str) -> None:
    assert any(says in line for line in violations(source, module)), violations(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("folio.preprocess", "def f():\n    import cv2"),
        ("folio.pictures", "if TYPE_CHECKING:\n    from PIL.Image import Image"),
        ("folio.stores.s3", "from folio.stores.base import Store"),
        ("folio.config", "import os\nos.environ['A'] = 'b'"),
        ("handlers.upload", "from aws_lambda_powertools import Logger\nfrom folio.events import uploads"),
        ("folio.cli", "from folio import __version__, local"),
    ],
)
def test_what_is_allowed_is_let_through(module: str, source: str) -> None:
    assert violations(source, module) == []

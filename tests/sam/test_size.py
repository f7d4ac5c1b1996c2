"""Lambda takes 262,144,000 bytes unzipped for a function and all its layers; the house allows itself less."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scripts import size

from tests.sam.conftest import layers_of
from tests.support.paths import ROOT

SCRIPT = ROOT / "scripts" / "size.py"


def test_each_function_that_sam_built_stays_within_the_budget_with_its_layers(built: Path) -> None:
    weights = {
        folder.name: sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        for folder in built.iterdir()
        if folder.is_dir()
    }
    layers = [weights.pop(name) for name in ("OcrToolsLayer", "PythonLayer")]
    assert len(weights) >= 5
    assert 0 < max(weights.values()) + sum(layers) <= size.BUDGET


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_both_architectures_stay_within_the_budget(architecture: str) -> None:
    assert sum(part.unzipped for part in size.weigh(layers_of(architecture))) <= size.BUDGET


def layers(folder: Path, *extra: int) -> Path:
    """Layers with one file of so many bytes each, and more in the second."""
    for layer in size.LAYERS:
        (folder / "x86_64" / layer / "bin").mkdir(parents=True)
        (folder / "x86_64" / layer / "bin" / "x").write_bytes(bytes(1000))
    for number, count in enumerate(extra):
        file = folder / "x86_64" / "python" / "python" / f"package{number}" / "deep" / "x.so"
        file.parent.mkdir(parents=True)
        with file.open("wb") as stream:
            stream.truncate(count)
    return folder


def run(folder: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, SCRIPT, folder], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_every_byte_is_counted_once_and_the_largest_comes_first(tmp_path: Path) -> None:
    root = layers(tmp_path, 5000, 7000) / "x86_64"
    (root / "python" / "python" / "__pycache__").mkdir()
    (root / "python" / "python" / "__pycache__" / "shipped.pyc").write_bytes(bytes(100))
    found = size.weigh(root)
    own = sum(path.stat().st_size for path in size.deployed(size.FUNCTION))
    assert sum(part.unzipped for part in found) == own + 2 * 1000 + 5000 + 7000 + 100
    assert [part.unzipped for part in found] == sorted((part.unzipped for part in found), reverse=True)
    assert {part.name: part.unzipped for part in found if "package" in part.name} == {
        "python/python/package0": 5000,
        "python/python/package1": 7000,
    }
    assert all(0 < part.zipped < part.unzipped for part in found)


def test_the_script_fails_over_the_budget_only(tmp_path: Path) -> None:
    code, said = run(layers(tmp_path))
    assert (code, "x86_64" in said) == (0, True)
    shutil.rmtree(tmp_path / "x86_64")
    own = sum(path.stat().st_size for path in size.deployed(size.FUNCTION))
    code, said = run(layers(tmp_path, size.BUDGET - own))  # and some more in the layers
    assert (code, "100% of the budget" in said) == (1, True)


def test_the_script_says_when_nothing_is_built(tmp_path: Path) -> None:
    (tmp_path / "x86_64" / "python").mkdir(parents=True)
    assert run(tmp_path) == (1, "No layers are built; run `make layers`.\n")

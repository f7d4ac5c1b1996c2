"""`make build DOCKER=1`: layers from a Debian container are those that this machine makes, and the function runs.

Skipped where the container would have to compile, which takes half an hour: FOLIO_SOAK=1 lets it.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scripts.invoke import SAM

from tests.sam.conftest import ARCHITECTURE, CACHE, layers_of, quiet_environment
from tests.support.docker_base import builder_base
from tests.support.paths import ROOT
from tests.support.sizes import size

KEPT = Path(os.environ.get("FOLIO_CACHE") or CACHE) / "docker"
WHOLE = size(0, full=1)
# Programs have the folder in them where they were compiled, and RECORD the digests of scripts that name an interpreter.
ALIKE = ("/bin/tesseract", "/lib/libpoppler.so", "/cv2.abi3.so", ".dist-info/RECORD")
NO_LAYER = "sbom.cdx.json"  # `make sbom` puts it beside the layers, on the side where it ran
BYTECODE = ".pyc"  # which has the folder too, and differs between Python's bugfix releases


@pytest.fixture(scope="module")
def layers(image: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make layers DOCKER=1` leaves; `image` is there for the engine that it starts."""
    assert image
    if not WHOLE and not (KEPT / "python").is_dir():
        pytest.skip("nothing was built in a container here: make layers DOCKER=1, or FOLIO_SOAK=1")
    folder = tmp_path_factory.mktemp("in-docker") / ARCHITECTURE
    environment = quiet_environment(FOLIO_BUILDER_BASE=builder_base(CACHE))
    command = [str(ROOT / "layers" / "in-docker"), ARCHITECTURE, str(folder)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    said = []
    try:
        for line in process.stderr or ():
            said.append(line)
            if "compiling" in line and not WHOLE:
                pytest.skip(f"{line.strip()}, in a container: make layers DOCKER=1 first, or FOLIO_SOAK=1")
    finally:
        process.terminate()  # it has ended, or is not waited for
        process.wait()
    assert process.returncode == 0, "".join(said)
    return folder


def files(folder: Path) -> dict[str, Path]:
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path for name, path in found.items() if name != NO_LAYER}


def test_the_same_files_are_made(layers: Path) -> None:
    here, there = files(layers_of(ARCHITECTURE)), files(layers)
    assert set(there) == set(here)
    for name, path in there.items():
        assert path.stat().st_mode == here[name].stat().st_mode, name
        if any(part in f"/{name}" for part in ALIKE):
            assert path.stat().st_size == pytest.approx(here[name].stat().st_size, rel=0.001), name
        elif path.suffix != BYTECODE:
            assert _digest(path) == _digest(here[name]), name


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.mark.slow("sam build copies both layers, and the function starts cold")
def test_sam_builds_from_them_and_the_function_reads(layers: Path, tmp_path: Path) -> None:
    built = tmp_path / "build"
    command: list[Any] = [SAM, "build", "--build-dir", built, "--parameter-overrides", f"Architecture={ARCHITECTURE}"]
    environment = quiet_environment(FOLIO_ARCH=ARCHITECTURE, FOLIO_BUILT=str(layers))
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(files(built / "PythonLayer")) == set(files(layers / "python"))
    script, event = ROOT / "scripts" / "invoke.py", ROOT / "events" / "upload.json"
    command = [sys.executable, script, event, "--built", built, "--option", "ocr=always"]
    done = subprocess.run(command, env=quiet_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Larkfield" in done.stdout

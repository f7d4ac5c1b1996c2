"""Stage all that the container image holds, and build it: `make image`, or make image BASE=… NAME=….

Run: .venv/bin/python -m scripts.image LAYERS CACHE BASE NAME [--stage FOLDER], where LAYERS is the folder of one
architecture. What uv ($UV) installs is kept in CACHE by its pins.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.find_uv import find_uv
from scripts.size import FUNCTION, LAYERS, deployed

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "deploy" / "requirements.txt"
_MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
_SERVICES = (
    "s3",
    "sqs",
    "states",
    "stepfunctions",
    "secretsmanager",
    "ssm",
    "events",
    "sts",
    "sso",
    "sso-oidc",
    "signin",
)


def packages(architecture: str, cache: Path) -> Path:
    """The folder of packages that the layers do not have, with bytecode, made once for their pins."""
    key = hashlib.sha256(REQUIREMENTS.read_bytes() + Path(__file__).read_bytes()).hexdigest()[:16]
    folder = cache / f"image-{architecture}-{key}"
    if not folder.exists():
        with TemporaryDirectory(dir=_made(cache)) as name:
            target = Path(name) / "packages"
            machine = _MACHINES[architecture]
            uv = [find_uv(), "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"]
            python = ["--python-version=3.13", f"--python-platform={machine}-manylinux_2_28"]
            subprocess.run([*uv, *python, "-r", str(REQUIREMENTS), "--target", str(target)], check=True)
            _without_unused_services(target / "botocore" / "data")
            shutil.rmtree(target / "bin", ignore_errors=True)
            _compile(target)
            target.rename(folder)
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _without_unused_services(data: Path) -> None:
    """Remove botocore's descriptions of services that Folio never calls, which are nearly all of its size."""
    for service in data.iterdir():
        if service.is_dir() and service.name not in _SERVICES:
            shutil.rmtree(service)


def _compile(folder: Path) -> None:
    """The image is read-only: without bytecode in it, every start would compile what it imports again."""
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run(command, check=True)


def stage(layers: Path, cache: Path, folder: Path) -> None:
    """Lay out what the Dockerfile copies."""
    for layer in LAYERS:  # as Lambda lays them over each other
        shutil.copytree(layers / layer, folder / "opt", dirs_exist_ok=True, copy_function=_link)
    shutil.copytree(packages(layers.name, cache), folder / "opt" / "folio", copy_function=_link)
    for file in deployed(FUNCTION):
        target = folder / "task" / file.relative_to(FUNCTION)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    _compile(folder / "task")
    for name in ("Dockerfile", "entrypoint"):
        shutil.copy(ROOT / "deploy" / name, folder / name)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def build(layers: Path, cache: Path, base: str, name: str) -> None:
    """Build the image under that name."""
    with TemporaryDirectory(prefix="folio-image-", dir=_made(cache)) as folder:
        stage(layers, cache, Path(folder))
        architecture = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}[layers.name]
        ours = {"amd64": "x86_64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
        other = ["--platform", architecture] if ours != layers.name else []
        command = ["docker", "build", "--quiet", *other, "--build-arg", f"BASE={base}", "--tag", name, folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("layers", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("base")
    parser.add_argument("name")
    chosen = parser.parse_args()
    build(chosen.layers, chosen.cache, chosen.base, chosen.name)
    print(chosen.name)


if __name__ == "__main__":
    main()

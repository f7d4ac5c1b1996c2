"""A Debian image like debian:13-slim with Python, made of Debian's packages: not everybody reaches a registry."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGES = "ca-certificates,python3"
NAME = "folio-test/debian:13"
BUILDER = "folio-test/builder"
_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
# What slim images leave out.
_LEFT_OUT = ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale", "var/log")


def debian_base(cache: Path) -> str:
    """Return the name of the image, which is in the engine then; $FOLIO_IMAGE_BASE names another. Raises OSError,
    CalledProcessError.
    """
    if chosen := os.environ.get("FOLIO_IMAGE_BASE"):
        return chosen
    if subprocess.run(["docker", "image", "inspect", NAME], capture_output=True, check=False).returncode:
        archive = cache / "image-base-debian-13.tar"
        if not archive.exists():
            _make(archive)
        subprocess.run(["docker", "import", str(archive), NAME], capture_output=True, check=True)
    return NAME


def _make(archive: Path) -> None:
    folder = archive.with_suffix(".root")
    shutil.rmtree(folder, ignore_errors=True)
    archive.parent.mkdir(parents=True, exist_ok=True)
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "trixie", str(folder), *_mirror()]
    subprocess.run(command, capture_output=True, check=True)
    for name in _LEFT_OUT:
        shutil.rmtree(folder / name, ignore_errors=True)
    part = archive.with_suffix(".part")
    subprocess.run(["tar", "-C", str(folder), "-cf", str(part), "."], check=True)
    part.rename(archive)
    shutil.rmtree(folder)


def _mirror() -> list[str]:
    """This machine's own."""
    sources = Path("/etc/apt/sources.list.d/debian.sources")
    lines = sources.read_text().splitlines() if sources.exists() else []
    return [line.split()[1] for line in lines if line.startswith("URIs:")][:1]


def builder_base(cache: Path) -> str:
    """Return the name of an image to build the layers on; $FOLIO_BUILDER_BASE names another. Raises as above.

    It knows the authorities that this machine knows: packages may come through a proxy with one of its own.
    """
    if chosen := os.environ.get("FOLIO_BUILDER_BASE"):
        return chosen
    base = debian_base(cache)
    with TemporaryDirectory() as folder:
        context = Path(folder)
        shutil.copy(_AUTHORITIES, context / "authorities")
        variables = " ".join(f"{name}={_AUTHORITIES}" for name in ("PIP_CERT", "CURL_CA_BUNDLE"))
        lines = (f"FROM {base}", f"COPY authorities {_AUTHORITIES}", "RUN mkdir -p /var/log/apt", f"ENV {variables}")
        (context / "Dockerfile").write_text("\n".join(lines))
        command = ["docker", "build", "--quiet", "--tag", BUILDER, folder]
        subprocess.run(command, capture_output=True, check=True)
    return BUILDER

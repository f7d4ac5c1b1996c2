"""What the two layers are made of, as a CycloneDX document, and the known faults of it.

Run: .venv/bin/python scripts/sbom.py FOLDER, where FOLDER has x86_64/ocr-tools and so on, as `make layers` leaves them.
Writes sbom.cdx.json beside the layers of each architecture. Exit code 1 where a layer was built from other sources or
holds other wheels than those that are pinned, or where layers/advisories.json knows a fault that is neither mended nor
explained.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ROOT / "layers"

LAYER = "layer"  # what holds a part that lies in no other

type Component = dict[str, Any]
type Advisory = dict[str, Any]


def components(layers: Path = LAYERS) -> list[Component]:
    """Everything that is pinned: sources with Debian's patches, language data, wheels and source archives.

    Each has the libraries inside it.
    """
    inside = list(_rows(layers / "inside.txt"))
    return [
        part | {"components": [_inside(part, *row[2:]) for row in inside if row[:2] == [part["name"], part["version"]]]}
        for part in (*_sources(layers / "ocr-tools"), *_wheels(layers / "python"))
    ]


def _inside(holder: Component, name: str, version: str) -> Component:
    known = {} if version == "-" else {"version": version, "purl": f"pkg:generic/{name}@{version}"}
    return {"type": "library", "bom-ref": f"{holder['purl']}#{name}", "name": name} | known


def _rows(file: Path) -> Iterator[list[str]]:
    return (line.split() for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#"))


def _sources(folder: Path) -> Iterator[Component]:
    patches = {row[0]: row[1:] for row in _rows(folder / "patches.txt")}
    for name, version, digest, *urls in _rows(folder / "sources.txt"):
        component = _component(name, version, f"pkg:generic/{name}@{version}", digest)
        component["externalReferences"] = [{"type": "distribution", "url": url} for url in urls]
        if name in patches:
            debian, archive, package = patches[name]
            patch = {"type": "backport", "diff": {"url": f"{package}_{debian}.debian.tar.xz#sha256={archive}"}}
            component["pedigree"] = {"patches": [patch], "notes": debian}
        yield component
    for name, digest in _rows(folder / "languages.txt"):
        yield _component(f"tessdata-{name}", "4.1.0", f"pkg:generic/tessdata-fast-{name}@4.1.0", digest)


def _wheels(folder: Path) -> Iterator[Component]:
    text = (folder / "requirements.txt").read_text("utf-8")
    for match in re.finditer(r"^(\S+)==(\S+)((?: \\\n +--hash=sha256:\S+)+)", text, re.MULTILINE):
        digests = re.findall(r"sha256:(\S+)", match[3])
        yield _component(match[1], match[2], f"pkg:pypi/{match[1]}@{match[2]}", *digests)
    for name, file in (("opencv-python-headless", "opencv.txt"), ("faster-paddle", "tiny.txt")):
        version, digest, url = (folder / file).read_text("utf-8").split()
        source = _component(name, version, f"pkg:pypi/{name}@{version}", digest)
        yield source | {"externalReferences": [{"type": "source-distribution", "url": url}]}


def _component(name: str, version: str, purl: str, *digests: str) -> Component:
    hashes = [{"alg": "SHA-256", "content": digest} for digest in digests]
    licenses = [{"license": {"name": text}} for text in [license_of(name)] if text]
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
        "hashes": hashes, "licenses": licenses,
    }  # fmt: skip


def license_of(name: str) -> str:
    """The first line of what NOTICE says of a part's license."""
    notice = (ROOT / "NOTICE").read_text("utf-8")
    match = re.search(rf"^  {re.escape(name)} +\S+ +(\S.*)$", notice, re.MULTILINE)
    return "Apache-2.0" if name.startswith("tessdata-") else match[1].strip() if match else ""


def document(parts: list[Component]) -> dict[str, Any]:
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": parts}


def open_faults(parts: list[Component], advisories: list[Advisory]) -> list[str]:
    """The advisories that apply: neither mended by the version or Debian's patches, nor explained."""
    held = [(part, LAYER) for part in parts]
    held += [(part, holder["name"]) for holder in parts for part in holder.get("components", [])]
    return [
        f"{advisory['id']} of {advisory['package']}" + (f" in {holder}" if holder != LAYER else "")
        for advisory in advisories
        for part, holder in held
        if advisory["package"] == part["name"] and not is_mended(part, holder, advisory)
    ]


def is_mended(part: Component, holder: str, advisory: Advisory) -> bool:
    """Whether an advisory needs no attention in a part, which lies in a layer by itself or inside a `holder`."""
    reasons = advisory.get("does_not_apply", {})
    if reasons if isinstance(reasons, str) else reasons.get(holder):
        return True
    fixed, version = advisory.get("fixed_in"), part.get("version")
    if fixed and version and Version(version) >= Version(fixed):
        return True
    applied, patched = part.get("pedigree", {}).get("notes", ""), advisory.get("patched_in")
    return bool(applied) and patched is not None and debian_order(applied) >= debian_order(patched)


def debian_order(version: str) -> list[tuple[int, int]]:
    """Return what versions of one upstream version compare by: their numbers, those after `~` before those without."""
    parts = re.findall(r"~|\d+", version)
    return [(-1, 0) if part == "~" else (1, int(part)) for part in parts] + [(0, 0)]


def strangers(layer: Path, parts: list[Component]) -> list[str]:
    """The wheels in a built layer that are not the pinned ones."""
    pinned = {(part["name"], part["version"]) for part in parts}
    built = {(_normal(wheel.metadata["Name"]), wheel.version) for wheel in distributions(path=[str(layer / "python")])}
    return sorted(f"{name} {version}" for name, version in built - pinned)


def is_outdated(layer: Path) -> bool:
    """Whether the sources that a built layer names are not the pinned ones."""
    names = ("sources.txt", "patches.txt", "languages.txt")
    files = ((layer / "share" / name, LAYERS / "ocr-tools" / name) for name in names)
    return any(not built.is_file() or built.read_bytes() != pinned.read_bytes() for built, pinned in files)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    parts = components()
    problems = open_faults(parts, json.loads((LAYERS / "advisories.json").read_text("utf-8"))["advisories"])
    for folder in sorted(path for path in Path(sys.argv[1]).glob("*") if (path / "python").is_dir()):
        problems += [f"{wheel} in {folder.name} is not pinned" for wheel in strangers(folder / "python", parts)]
        if is_outdated(folder / "ocr-tools"):
            problems.append(f"{folder.name}/ocr-tools was built from other sources than the pinned ones: make layers")
        (folder / "sbom.cdx.json").write_text(json.dumps(document(parts), indent=1) + "\n", "utf-8")
        print(f"{folder / 'sbom.cdx.json'}: {len(parts)} components")
    for problem in problems:
        print(problem, file=sys.stderr)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())

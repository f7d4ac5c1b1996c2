"""Write what a stranger deploys with `sam deploy` alone: the template, and beside it the zips it names.

Run: .venv/bin/python -m scripts.release LAYERS DIST [ARCHITECTURE …], where LAYERS has x86_64/ocr-tools and so on, as
`make layers` leaves them. The same files give the same bytes: names in order, one date, no owner.
"""

import hashlib
import re
import sys
import zipfile
from pathlib import Path

from scripts.cloudformation import cloudformation
from scripts.size import FUNCTION, LAYERS, complete, deployed

from folio.version import __version__

ROOT = Path(__file__).resolve().parents[1]
WORKFLOW = ROOT / "workflows" / "long-document.asl.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold
_UNIX = 3  # so that modes are kept: a layer's programs must stay executable, whoever packs and unpacks them
_BUILT_BY_MAKE = re.compile(
    r"^    Metadata:\n(?:      #.*\n)*      BuildMethod: makefile\n(?:      .*\n)*", re.MULTILINE
)
_CONFIG = """\
# `sam deploy --guided` asks for all parameters, and keeps the answers here.
version = 0.1

[default.global.parameters]
stack_name = "folio"

[default.deploy.parameters]
template_file = "template.yaml"
capabilities = "CAPABILITY_IAM"
confirm_changeset = true
resolve_s3 = true
fail_on_empty_changeset = false
"""


def release(layers: Path, dist: Path) -> Path:
    """Write the release of one architecture's layers; return the folder, beside which the same lies as one zip."""
    folder = dist / f"folio-{__version__}-{layers.name}"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    write_zip(FUNCTION, folder / "functions.zip")
    for layer in LAYERS:
        write_zip(layers / layer, folder / f"{layer}.zip")
    (folder / WORKFLOW.name).write_bytes(WORKFLOW.read_bytes())
    for name in ("LICENSE", "NOTICE"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    (folder / "samconfig.toml").write_text(_CONFIG, "utf-8")
    template = packaged(layers.name, digests(folder))
    plain = cloudformation(template, folder, hashlib.sha256(template.encode()).hexdigest())
    (folder / "cloudformation.json").write_text(plain, "utf-8", newline="\n")
    (folder / "template.yaml").write_text(template, "utf-8", newline="\n")
    sums = "".join(f"{digest}  {name}\n" for name, digest in digests(folder).items())
    (folder / "SHA256SUMS").write_text(sums, "utf-8", newline="\n")
    write_zip(folder, folder.with_suffix(folder.suffix + ".zip"), folder.name)
    return folder


def write_zip(folder: Path, target: Path, prefix: str = "") -> None:
    """Pack the files of a folder. What is packed already is not packed again."""
    with zipfile.ZipFile(target, "w") as archive:
        for file in deployed(folder):
            info = zipfile.ZipInfo((Path(prefix) / file.relative_to(folder)).as_posix(), _EPOCH)
            info.create_system = _UNIX
            info.external_attr = (0o100755 if file.stat().st_mode & 0o100 else 0o100644) << 16
            info.compress_type = zipfile.ZIP_STORED if file.suffix == ".zip" else zipfile.ZIP_DEFLATED
            archive.writestr(info, file.read_bytes(), compresslevel=9)


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a folder, by name."""
    files = [file for file in sorted(folder.iterdir()) if file.is_file()]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def packaged(architecture: str, sums: dict[str, str]) -> str:
    """Return the template with the zips in place of folders, nothing to build, and one architecture to choose."""
    text = (ROOT / "template.yaml").read_text("utf-8")
    text = _once(text, r"^    CodeUri: functions/$", "    CodeUri: functions.zip")
    for layer in LAYERS:
        text = _once(text, rf"^      ContentUri: layers/{layer}$", f"      ContentUri: {layer}.zip")
    text = _once(text, rf"^      DefinitionUri: workflows/{WORKFLOW.name}$", f"      DefinitionUri: {WORKFLOW.name}")
    text = _once(text, r"^    Default: (x86_64|arm64)$", f"    Default: {architecture}")
    text = _once(text, r"^    AllowedValues: \[arm64, x86_64\]$", f"    AllowedValues: [{architecture}]")
    text, built = _BUILT_BY_MAKE.subn("", text)
    if built != len(LAYERS):
        raise SystemExit(f"template.yaml says of {built} layers how they are built, not of {len(LAYERS)}.")
    listed = "".join(f"      {name}: {digest}\n" for name, digest in sums.items())
    release = f"Metadata:\n  FolioRelease:\n    Version: {__version__}\n    SHA256:\n{listed}"
    return _once(text, r"^Metadata:\n", release)


def _once(text: str, pattern: str, replacement: str) -> str:
    replaced, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
    if count != 1:
        raise SystemExit(f"template.yaml has {count} lines like {pattern}, not one.")
    return replaced


def main() -> int:
    layers, dist, *architectures = sys.argv[1:]
    built = {folder.name: folder for folder in complete(Path(layers))}
    if not built or not set(architectures) <= set(built):
        print("The layers are not built; run `make layers`, with ARCH=arm64 for the other ones.", file=sys.stderr)
        return 1
    for name in architectures or sorted(built):
        folder = release(built[name], Path(dist))
        print(f"{folder}: {(folder / 'SHA256SUMS').read_text()}", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())

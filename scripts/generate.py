"""Write the files that follow from others; with --check, only say whether they are in step."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from scripts.cdk_parameters import PATH as CDK_PARAMETERS
from scripts.cdk_parameters import cdk_parameters
from scripts.decisions_page import with_index
from scripts.find_uv import find_uv
from scripts.providers_page import providers_page
from scripts.shell_files import shell_files
from scripts.tables_page import tables_page
from scripts.template_parts import TEMPLATE, template
from scripts.web_bundle import bundled
from scripts.web_choices import web_choices
from scripts.web_warnings import web_warnings

from folio.api.openapi.document import openapi
from folio.models import ErrorReport, Result, json_schema

ROOT = Path(__file__).parents[1]
OPENCV = "opencv-python-headless"
UNUSED = ("flatbuffers", "protobuf")  # of onnxruntime, for tools that make networks
COMMAND_LINE = ("click", "moto", "uvicorn")  # with what only they draw in
BENCHMARKS = ("pdf2image", "pytesseract")  # which `folio bench` compares with
LAMBDA = "cp313"


def generated() -> dict[Path, str]:
    """Each generated file and what must stand in it."""
    kinds: tuple[tuple[str, type[Result] | type[ErrorReport]], ...] = (
        ("folio-1.schema.json", Result),
        ("folio-1.error.schema.json", ErrorReport),
    )
    schemas = {ROOT / "docs" / name: json.dumps(json_schema(kind), indent=2) + "\n" for name, kind in kinds}
    layer = ROOT / "layers" / "python"
    decisions = ROOT / "docs" / "decisions.md"
    web = {"choices": web_choices(), "warnings": web_warnings()}
    return (
        schemas
        | {ROOT / "functions" / "folio" / "web" / f"{name}.js": module for name, module in web.items()}
        | bundled(web)
        | shell_files()
        | {
            ROOT / "docs" / "openapi.json": json.dumps(openapi(), indent=2, ensure_ascii=False) + "\n",
            ROOT / "docs" / "providers.md": providers_page(),
            ROOT / "docs" / "tables.md": tables_page(),
            ROOT / "docs" / "zh-CN" / "tables.md": tables_page(chinese=True),
            TEMPLATE: template(),
            CDK_PARAMETERS: cdk_parameters(template()),
            decisions: with_index(decisions.read_text("utf-8")),
            layer / "requirements.txt": wheels(),
            layer / "opencv.txt": opencv_source(),
            layer / "half.txt": _exported("--only-group", "layers"),
            ROOT / "deploy" / "requirements.txt": image_wheels(),
        }
    )


def wheels() -> str:
    """The pins and digests of what the python layer takes as wheels, which is what a function needs: not boto3, which
    the runtime has, nor OpenCV, which the layer compiles, nor what only the command line and its benchmark need.
    """
    less = [part for name in ("boto3", OPENCV, *UNUSED, *COMMAND_LINE, *BENCHMARKS) for part in ("--prune", name)]
    foreign = _other_pythons()
    return re.sub(
        r" \\\n +--hash=(\S+)",
        lambda digest: "" if digest[1] in foreign else digest[0],
        _exported("--no-dev", "--extra", "heic", *less),
    )


def image_wheels() -> str:
    """The pins and digests of what a container needs besides the layers: boto3, the command line, Lambda's client."""
    existing = {*re.findall(r"^([a-z0-9-]+)==", wheels(), re.MULTILINE), OPENCV, *UNUSED}
    exported = _exported("--no-dev", "--group", "image", "--prune", "moto")
    head, *packages = re.split(r"^(?=[a-z0-9-]+==)", exported, flags=re.MULTILINE)
    return head + "".join(package for package in packages if package.partition("==")[0] not in existing)


def _exported(*options: str) -> str:
    """Pins and digests of a part of uv.lock."""
    uv = [find_uv(), "export", "--quiet", "--frozen", "--no-emit-project", "--no-header", "--no-annotate"]
    exported = subprocess.run([*uv, *options], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return f"# Follows from uv.lock: `make generate`.\n{exported}"


def _other_pythons() -> set[str]:
    """The digests of wheels that Lambda's Python cannot load: made for one other version, not for the stable ABI."""
    files = [wheel for package in _locked() for wheel in package.get("wheels", ())]
    return {file["hash"] for file in files if re.search(rf"-(?!{LAMBDA}-)[cp]p3\d+-(?!abi3)", file["url"])}


def _locked() -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return packages


def opencv_source() -> str:
    """Version, SHA-256 and address of OpenCV's source distribution."""
    package = next(package for package in _locked() if package["name"] == OPENCV)
    source = package["sdist"]
    return f"{package['version']} {source['hash'].removeprefix('sha256:')} {source['url']}\n"


def main() -> int:
    stale = {path: text for path, text in generated().items() if not path.exists() or path.read_text() != text}
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of step; run `make generate`.")
        return bool(stale)
    for path, text in stale.items():
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
        print(f"written: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

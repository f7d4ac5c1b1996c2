"""A new provider is one module and a line in the registry, a new option one entry: everything else follows."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.fakes.quill_server import TEXT, quill_server
from tests.support.paths import ROOT

# What follows, as `make generate` writes it, and what the programs say.
DESCRIBE = """
import json, sys
from scripts.providers_page import providers_page
from scripts.tables_page import tables_page
from scripts.template_parts import template
from scripts.web_choices import web_choices
from folio.api.openapi.document import openapi
from folio.cli.reading import read
print(json.dumps({
    "providers": providers_page(), "english": tables_page(), "chinese": tables_page(chinese=True),
    "template": template(), "page": web_choices(), "openapi": openapi(),
    "help": read.get_help(__import__("click").Context(read, info_name="read")),
}))
"""


class Checkout:
    """A copy of the project, in which something is added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("functions", "scripts"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "template.yaml", folder)

    def replace(self, name: str, old: str, new: str) -> None:
        file = self.folder / "functions" / "folio" / name
        text = file.read_text("utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), "utf-8")

    def python(self, *arguments: str, **variables: str) -> str:
        path = os.pathsep.join((str(self.folder / "functions"), str(self.folder)))
        environment = os.environ | {"PYTHONPATH": path} | variables
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def described(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.python("-c", DESCRIBE))
        return found


def parameter(described: dict[str, Any], name: str) -> str:
    """The pattern that a parameter of the template must match."""
    found = re.search(rf'\n  {name}:\n(?:    .*\n)*?    AllowedPattern: "(.*)"\n', described["template"])
    assert found
    return found[1].replace("\\\\", "\\")


ANEW = pytest.mark.slow("starts Python anew, once to three times: the tables are made when modules are imported")


@pytest.fixture
def with_quill(tmp_path: Path) -> Checkout:
    checkout = Checkout(tmp_path)
    shutil.copy(ROOT / "tests" / "fakes" / "quill.py", tmp_path / "functions" / "folio" / "providers" / "cloud")
    own = '    "folio.providers.cloud.aliyun",\n'
    checkout.replace("providers/registry.py", own, f'{own}    "folio.providers.cloud.quill",\n')
    return checkout


@ANEW
def test_a_new_provider_is_described_everywhere(with_quill: Checkout) -> None:
    described = with_quill.described()
    assert "tencent, aliyun, quill" in re.sub(r"\s+", " ", described["help"])
    for page in ("providers", "english", "chinese", "page"):
        assert "quill" in described[page], page
    assert "| general | quill | `read` | 100 |" in described["providers"]
    assert "`QUILL_KEY`" in described["providers"]
    assert "Quill Cloud" in described["english"]
    assert "羽毛笔云" in described["chinese"]
    assert '"provider.quill": "羽毛笔云"' in described["page"]
    assert '"aliyun", "quill"' in described["page"]
    options = described["openapi"]["components"]["schemas"]["Options"]["properties"]
    assert re.search(options["providers"]["pattern"], "quill,tesseract")
    assert options["quill_ink"]["enum"] == ["blue", "black"]
    assert re.search(parameter(described, "Providers"), "tesseract,quill")
    assert re.search(parameter(described, "Settings"), "quill_endpoint=https://quill.example")


@ANEW
def test_a_new_provider_reads_a_page(with_quill: Checkout, tmp_path: Path) -> None:
    image = Image.new("L", (400, 200), 255)
    ImageDraw.Draw(image).text((40, 80), TEXT, fill=0, font_size=40)
    image.save(tmp_path / "page.png")
    with quill_server() as address:
        keys = {"QUILL_KEY": "feather", "FOLIO_QUILL_ENDPOINT": address}
        chosen = ("--provider", "quill", "-O", "quill_ink=blue", "--text")
        assert with_quill.python("-m", "folio", "read", "page.png", *chosen, **keys).strip() == TEXT
        assert re.search(r"^usable +quill: API 1", with_quill.python("-m", "folio", "providers", **keys), re.MULTILINE)
    cost = json.loads((tmp_path / "page.png.ocr.json").read_text("utf-8"))["cost"]
    assert (cost["calls"], cost["estimate"]) == (1, 0.25)


@ANEW
def test_a_new_option_is_described_everywhere(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    entry = """    shade: Annotated[
        int, option("How dark the page is made.", "页面加深多少。", at_least=2, at_most=7)
    ] = 4
    switches: Switches = ()
"""
    checkout.replace("config/options.py", "    switches: Switches = ()\n", entry)
    described = checkout.described()
    assert "--shade TEXT How dark the page is made. A whole number from 2 to 7." in re.sub(
        r"\s+", " ", described["help"]
    )
    schema = described["openapi"]["components"]["schemas"]["Options"]["properties"]["shade"]
    assert (schema["type"], schema["minimum"], schema["maximum"]) == ("integer", 2, 7)
    pattern = parameter(described, "Settings")
    assert re.search(pattern, "shade=7")
    assert not re.search(pattern, "shade=8")
    assert '"name": "shade"' in described["page"]
    assert '"option.shade": "页面加深多少。"' in described["page"]
    row = "| `shade` | How dark the page is made. 2 – 7 | `4` | `FOLIO_SHADE` |"
    assert row in described["english"]
    assert "| `shade` | 页面加深多少。 2 – 7 | `4` | `FOLIO_SHADE` |" in described["chinese"]
    check = "from folio.options.settings import load_settings; print(load_settings().options.shade)"
    assert checkout.python("-c", check, FOLIO_SHADE="5") == "5\n"

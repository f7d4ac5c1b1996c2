"""What the layers are made of, against the list of known faults in layers/advisories.json."""

import json
import re
from typing import Any

import pytest
from scripts.sbom import components, debian_order, document, open_faults

from tests.support.paths import ROOT

KNOWN: dict[str, Any] = json.loads((ROOT / "layers" / "advisories.json").read_text("utf-8"))
ADVISORIES: list[dict[str, str]] = KNOWN["advisories"]


def test_no_known_fault_is_in_the_layers() -> None:
    assert open_faults(components(), ADVISORIES) == []


def test_every_component_has_a_version_a_digest_a_license_and_an_address() -> None:
    for part in document(components())["components"]:
        assert re.fullmatch(r"pkg:(generic|pypi)/\S+@\S+", part["purl"])
        assert part["version"]
        assert all(re.fullmatch(r"[0-9a-f]{64}", digest["content"]) for digest in part["hashes"])
        assert part["hashes"], part["name"]
        assert part["licenses"], part["name"]


def test_the_list_is_dated_and_every_entry_says_how_it_is_mended_or_why_it_does_not_apply() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", KNOWN["date"])
    names = {part["name"] for part in components()}
    for advisory in ADVISORIES:
        assert advisory["package"] in names
        assert len({"fixed_in", "patched_in", "does_not_apply"} & advisory.keys()) == 1


@pytest.mark.parametrize(
    ("name", "version", "patches"),
    [("libpng", "1.6.48", ""), ("tiff", "4.7.0", ""), ("tiff", "4.7.0", "4.7.0-3+deb13u2"), ("freetype", "2.13.3", "")],
)
def test_an_older_source_or_one_without_its_patches_is_found(name: str, version: str, patches: str) -> None:
    part = {"name": name, "version": version, "pedigree": {"notes": patches}}
    assert open_faults([part], ADVISORIES) != []


def test_debian_orders_its_versions() -> None:
    ordered = ["25.03.0-3", "25.03.0-5", "25.03.0-5+deb13u2", "25.03.0-5+deb13u4"]
    assert sorted(ordered, key=debian_order) == ordered
    assert debian_order("2.5.3-2.1~deb13u2") < debian_order("2.5.3-2.1")

"""What the layers are made of, against the list of known faults in layers/advisories.json."""

import json
import mmap
import re
from pathlib import Path
from typing import Any

import numpy
import onnxruntime
import PIL
import pytest
from PIL import features
from scripts.sbom import LAYER, components, debian_order, document, open_faults

from tests.support.paths import ROOT

KNOWN: dict[str, Any] = json.loads((ROOT / "layers" / "advisories.json").read_text("utf-8"))
ADVISORIES: list[dict[str, Any]] = KNOWN["advisories"]


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
    parts = components()
    names = {part["name"] for part in [*parts, *(one for part in parts for one in part["components"])]}
    for advisory in ADVISORIES:
        assert advisory["package"] in names
        assert {"fixed_in", "patched_in", "does_not_apply"} & advisory.keys()


@pytest.mark.parametrize(
    ("name", "version", "patches"),
    [("libpng", "1.6.48", ""), ("tiff", "4.7.0", ""), ("tiff", "4.7.0", "4.7.0-3+deb13u2"), ("freetype", "2.13.3", "")],
)
def test_an_older_source_or_one_without_its_patches_is_found(name: str, version: str, patches: str) -> None:
    part = {"name": name, "version": version, "pedigree": {"notes": patches}}
    assert open_faults([part], ADVISORIES) != []


def test_an_older_library_inside_a_wheel_is_found() -> None:
    parts = json.loads(json.dumps(components()))
    (libwebp,) = (one for part in parts for one in part["components"] if one["name"] == "libwebp")
    libwebp["version"] = "1.2.4"
    assert open_faults(parts, ADVISORIES) == [
        "CVE-2023-4863 of libwebp in pillow",
        "CVE-2023-1999 of libwebp in pillow",
    ]


def test_a_reason_for_one_holder_is_none_for_another() -> None:
    advisory = {"id": "CVE-1", "package": "tiff", "does_not_apply": {LAYER: "It is not called."}}
    tiff = {"name": "tiff", "version": "4.7.0"}
    assert open_faults([tiff], [advisory]) == []
    assert open_faults([{"name": "pillow", "components": [tiff]}], [advisory]) == ["CVE-1 of tiff in pillow"]


ROWS = [line.split() for line in (ROOT / "layers" / "inside.txt").read_text("utf-8").splitlines() if line[0] != "#"]
INSIDE = {(holder, name): version for holder, _, name, version in ROWS}


def test_what_is_inside_is_that_of_the_pinned_versions() -> None:
    """A holder of another version has other libraries inside: look again."""
    pinned = {part["name"]: part["version"] for part in components()}
    assert [row for row in ROWS if pinned.get(row[0]) != row[1]] == []
    held = {(part["name"], one["name"]) for part in components() for one in part["components"]}
    assert held == set(INSIDE)


def test_pillow_and_numpy_say_the_same_of_themselves() -> None:
    told = {"libjpeg-turbo": "libjpeg_turbo", "openjpeg": "jpg_2000", "tiff": "libtiff", "freetype": "freetype2",
            "harfbuzz": "harfbuzz", "raqm": "raqm", "libwebp": "webp", "libavif": "avif",
            "zlib-ng": "zlib_ng"}  # fmt: skip
    assert {name: features.version(feature) for name, feature in told.items()} == {
        name: INSIDE["pillow", name] for name in told
    }
    assert INSIDE["pillow", "lcms2"].startswith(str(features.version("littlecms2")))
    # Each library has a file; sharpyuv, the demuxer and the muxer are libwebp's.
    files = {file.name.partition("-")[0] for file in (Path(PIL.__file__).parents[1] / "pillow.libs").iterdir()}
    of_file = {"libXau": "libxau", "libbrotlicommon": "brotli", "libbrotlidec": "brotli", "libjpeg": "libjpeg-turbo",
               "liblcms2": "lcms2", "liblzma": "xz", "libopenjp2": "openjpeg", "libpng16": "libpng", "libtiff": "tiff",
               "libsharpyuv": "libwebp", "libwebpdemux": "libwebp", "libwebpmux": "libwebp", "libzstd": "zstd",
               "libfreetype": "freetype", "libharfbuzz": "harfbuzz"}  # fmt: skip
    assert {of_file.get(file, file) for file in files} <= {name for holder, name in INSIDE if holder == "pillow"}
    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]["version"]
    assert blas.startswith(INSIDE["numpy", "openblas"])


def test_the_names_of_onnxruntimes_symbols_tell_its_abseil() -> None:
    (library,) = (Path(onnxruntime.__file__).parent / "capi").glob("onnxruntime_pybind11_state*.so")
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = re.search(rb"absl\d*lts_(\d{8})", data) or re.search(rb"lts_(\d{8})", data)
        assert found
        assert found[1].decode() == INSIDE["onnxruntime", "abseil"]


def test_debian_orders_its_versions() -> None:
    ordered = ["25.03.0-3", "25.03.0-5", "25.03.0-5+deb13u2", "25.03.0-5+deb13u4"]
    assert sorted(ordered, key=debian_order) == ordered
    assert debian_order("2.5.3-2.1~deb13u2") < debian_order("2.5.3-2.1")

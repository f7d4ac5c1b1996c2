"""Every compiled file of the function and its layers, on both processors, against what Lambda's system has."""

from pathlib import Path

import msgspec
import pytest

from tests.sam.conftest import ARCHITECTURE, layers_of
from tests.support.elf import OURS, SYSTEM, WHEELS, Elf, elves, faults, is_ours, read

PROGRAMS = {"tesseract", "pdftoppm", "pdfinfo", "pdftotext"}


def test_everything_that_sam_built_loads_on_lambda(built: Path) -> None:
    assert not list(elves(built / "UploadFunction")), "the function itself is all Python"
    for layer in ("OcrToolsLayer", "PythonLayer"):
        check(built / layer, ARCHITECTURE)
    assert {elf.path.name for elf in elves(built / "OcrToolsLayer" / "bin")} >= PROGRAMS
    assert [elf for elf in elves(built / "PythonLayer") if elf.path.name == "cv2.abi3.so"]


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_layers_in_the_cache_load_on_lambda(architecture: str) -> None:
    layers = layers_of(architecture)
    for layer in ("ocr-tools", "python"):
        check(layers / layer, architecture)


def check(root: Path, architecture: str) -> None:
    found = list(elves(root))
    assert found
    wrong = {str(elf.path.relative_to(root)): why for elf in found if (why := faults(elf, root, architecture))}
    assert wrong == {}


# --- The checker itself: each rule, on a file that breaks nothing else ---


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (tmp_path / "python").mkdir()
    return tmp_path


def program(root: Path, *versions: str, needed: tuple[str, ...] = (), search: tuple[str, ...] = ()) -> Elf:
    return Elf(root / "bin" / "x", "EM_X86_64", ("libc.so.6", *needed), ("GLIBC_2.2.5", *versions), search)


def test_what_fits_is_let_through(root: Path) -> None:
    needed = (*SYSTEM, "ld-linux-x86-64.so.2")
    versions = ("GLIBC_2.31", "GLIBCXX_3.4.28", "CXXABI_1.3.12", "GCC_3.0")
    assert faults(program(root, *versions, needed=needed), root, "x86_64") == []


NEWER = ["GLIBC_2.32", "GLIBC_2.100", "GLIBC_3.0", "GLIBCXX_3.4.29", "CXXABI_1.3.13"]
STRANGE = ["GLIBC_PRIVATE", "GLIBC_ABI_DT_RELR", "OPENSSL_3.0.0"]


@pytest.mark.parametrize("version", NEWER + STRANGE)
def test_a_newer_or_strange_version_is_named(version: str, root: Path) -> None:
    assert faults(program(root, version), root, "x86_64") == [f"it needs {version}"]


def test_wheels_may_need_what_amazon_linux_has(root: Path) -> None:
    wheel = msgspec.structs.replace(program(root, "GLIBC_2.34"), path=root / "python" / "numpy" / "x.so")
    assert (OURS["GLIBC"], WHEELS["GLIBC"]) == ((2, 31), (2, 34))
    assert faults(wheel, root, "x86_64") == []
    assert faults(msgspec.structs.replace(wheel, versions=("GLIBC_2.35",)), root, "x86_64") == ["it needs GLIBC_2.35"]
    assert is_ours(root / "python" / "cv2.abi3.so", root)


def test_another_processor_is_named(root: Path) -> None:
    assert faults(program(root), root, "arm64") == ["it is for EM_X86_64"]
    assert faults(program(root, needed=("ld-linux-aarch64.so.1",)), root, "x86_64") == [
        "it needs ld-linux-aarch64.so.1, which is not in the layer"
    ]


@pytest.mark.parametrize(
    ("lies", "search"), [("lib", ""), ("bin", "$ORIGIN"), ("x.libs", "${ORIGIN}/../x.libs"), ("own", "/opt/own")]
)
def test_a_library_is_looked_for_where_the_loader_does(lies: str, search: str, root: Path) -> None:
    elf = program(root, needed=("libjpeg.so.62",), search=(search,) if search else ())
    assert faults(elf, root, "x86_64") == ["it needs libjpeg.so.62, which is not in the layer"]
    (root / lies).mkdir(exist_ok=True)
    (root / lies / "libjpeg.so.62").touch()
    assert faults(elf, root, "x86_64") == []


@pytest.mark.parametrize("search", ["", ".", "lib", "/home/somebody/lib"])
def test_a_place_that_is_not_the_layers_is_named(search: str, root: Path) -> None:
    assert faults(program(root, search=(search,)), root, "x86_64") == [f"it looks for libraries in {search!r}"]


def test_a_real_file_is_read_as_it_is(tmp_path: Path) -> None:
    source = Path(str(msgspec._core.__file__))
    elf = read(source)
    assert elf is not None
    assert "libc.so.6" in elf.needed
    assert any(version.startswith("GLIBC_2.") for version in elf.versions)
    assert read(Path(__file__)) is None
    # The same file, built for a libc of the far future: as long, so that nothing moves.
    (tmp_path / "python").mkdir()
    doctored = tmp_path / "python" / "x.so"
    newest = max((name for name in elf.versions if name.startswith("GLIBC_")), key=len)
    future = "GLIBC_" + "9" * (len(newest) - len("GLIBC_"))
    doctored.write_bytes(source.read_bytes().replace(newest.encode() + b"\0", future.encode() + b"\0"))
    after = read(doctored)
    assert after is not None
    assert faults(after, tmp_path, ARCHITECTURE) == [f"it needs {future}"]

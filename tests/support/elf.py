"""What an ELF file asks of the system it is loaded on, against what Lambda has."""

import re
from collections.abc import Iterator
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from msgspec import Struct

MACHINES = {"x86_64": "EM_X86_64", "arm64": "EM_AARCH64"}
# Of the system itself: glibc's parts, and what Lambda's image carries for its own programs.
SYSTEM = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1"}
SYSTEM |= {"libgcc_s.so.1", "libstdc++.so.6", "libz.so.1"}
LOADERS = {"x86_64": "ld-linux-x86-64.so.2", "arm64": "ld-linux-aarch64.so.1"}
KNOWN = SYSTEM | set(LOADERS.values())
# Amazon Linux 2023 has glibc 2.34; the stand-in has 2.31, and GCC 10's libstdc++. Both have zlib 1.2.11.
OURS = {"GLIBC": (2, 31), "GLIBCXX": (3, 4, 28), "CXXABI": (1, 3, 12), "ZLIB": (1, 2, 11)}
WHEELS = OURS | {"GLIBC": (2, 34)}
_SEARCHED = ("$ORIGIN", "${ORIGIN}", "/opt/")


class Elf(Struct, frozen=True):
    """A file, and what its dynamic section says; `versions` are those of the system's own libraries.

    `rpath` is the part of `search` that also counts for what is loaded by the file.
    """

    path: Path
    machine: str
    needed: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()


def elves(root: Path) -> Iterator[Elf]:
    """Every ELF file below a folder, whatever its name."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and (found := read(path)):
            yield found


def read(path: Path) -> Elf | None:
    """None if it is no ELF file."""
    with path.open("rb") as stream:
        try:
            file = ELFFile(stream)
        except ELFError:
            return None
        needed: list[str] = []
        versions: list[str] = []
        search: list[str] = []
        rpath: list[str] = []
        if not file.num_sections():
            versions.append("what nobody can tell: it has no section table")
        for section in file.iter_sections():
            if isinstance(section, GNUVerNeedSection):
                # What is bundled has the versions it was bundled with.
                asked = [(library.name, entries) for library, entries in section.iter_versions()]
                versions += [entry.name for name, entries in asked if name in KNOWN for entry in entries]
            elif isinstance(section, DynamicSection):
                needed += _told(section, "needed")
                rpath += [part for told in _told(section, "rpath") for part in told.split(":")]
                search += [*rpath, *(part for told in _told(section, "runpath") for part in told.split(":"))]
        return Elf(path, file["e_machine"], tuple(needed), tuple(sorted(set(versions))), tuple(search), tuple(rpath))


def _told(section: DynamicSection, kind: str) -> list[str]:
    return [str(getattr(tag, kind)) for tag in section.iter_tags(f"DT_{kind.upper()}")]


def faults(elf: Elf, root: Path, architecture: str) -> list[str]:
    """Why a file under `root` (a layer's content, /opt on Lambda) would not load on Lambda; empty if it would."""
    limits = OURS if is_ours(elf.path, root) else WHEELS
    found = [] if elf.machine == MACHINES[architecture] else [f"it is for {elf.machine}"]
    found += [f"it needs {version}" for version in elf.versions if not _fits(version, limits)]
    # An empty or relative part is the working directory, which is anybody's.
    found += [f"it looks for libraries in {part!r}" for part in elf.search if not part.startswith(_SEARCHED)]
    places = [root / "lib", *(_place(part, elf.path, root) for part in elf.search), *_inherited(elf, root)]
    for name in sorted(set(elf.needed) - SYSTEM - {LOADERS[architecture]}):
        if not any((place / name).is_file() for place in places):
            found.append(f"it needs {name}, which is not in the layer")
    return found


def _inherited(elf: Elf, root: Path) -> list[Path]:
    """Return where the modules that load a library look: those of a wheel lie beside the folder of its libraries."""
    loaders = (read(path) for path in elf.path.parent.parent.glob("*.so"))
    return [
        _place(part, loader.path, root)
        for loader in loaders
        if loader and elf.path.name in loader.needed
        for part in loader.rpath
    ]


def is_ours(path: Path, root: Path) -> bool:
    """Compiled here, and not taken from a wheel."""
    return path.relative_to(root).parts[0] != "python" or path.name.startswith("cv2.")


def _fits(version: str, limits: dict[str, tuple[int, ...]]) -> bool:
    match = re.fullmatch(r"([A-Z]+)_([0-9.]+)", version)
    if not match or match[1] not in limits:
        return version.startswith("GCC_")  # GLIBC_PRIVATE, GLIBC_ABI_DT_RELR and the like fit nothing
    return tuple(map(int, match[2].split("."))) <= limits[match[1]]


def _place(search: str, path: Path, root: Path) -> Path:
    """A folder the loader looks into, where a layer's content lies now."""
    beside = search.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", str(path.parent))
    return root / search.removeprefix("/opt/") if search.startswith("/opt/") else Path(beside)

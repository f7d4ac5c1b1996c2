"""HEIC pictures, as phones take them, through pi-heif: a decoder for Pillow that is not in every installation."""

from functools import cache

from folio.errors import UnsupportedType

# What stands after `ftyp` in the files of phones and cameras (ISO/IEC 23008-12); AVIF is Pillow's own.
_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


@cache
def register() -> bool:
    """Have Pillow open HEIC pictures; return whether it can."""
    try:
        import pi_heif
    except ImportError:
        return False
    pi_heif.register_heif_opener(thumbnails=False)
    return True


def missing() -> str:
    """Return what this installation lacks to read HEIC, empty for nothing."""
    return "" if register() else "pip install 'folio-ocr[heic]'"


def is_heif(start: bytes) -> bool:
    """Return whether a file starts as a HEIC picture does."""
    return start[4:8] == b"ftyp" and start[8:12] in _BRANDS and b"avif" not in start


def require_installed() -> None:
    """Raise UnsupportedType where nothing is installed that decodes HEIC."""
    if not register():
        raise UnsupportedType("HEIC pictures are not read here: that takes pi-heif (pip install 'folio-ocr[heic]').")

"""Files that Pillow would refuse though it, or Folio, can decode what they hold; and which of them nobody here can."""

from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from folio.documents.raster import deep_jpeg, heif, jpeg, png, tiff
from folio.documents.raster.patched import Patched
from folio.errors import UnsupportedType

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112  # tag
_DEEP_JPEG = "folio_deep_jpeg"  # our decoder's name
_JPEG_KINDS = {jpeg.PROGRESSIVE: "progressive", jpeg.LOSSLESS: "lossless", 0xF7: "JPEG-LS"}
_BMP_COMPRESSIONS = {4: "JPEG", 5: "PNG"}


def first_bytes(path: Path) -> bytes:
    """Return as many as tell the type of a file."""
    with path.open("rb") as file:
        return file.read(34)


def open_picture(path: Path, number: int) -> BinaryIO:
    """Open a picture as Pillow takes it, so that page `number` (from 1) comes first. Raises DamagedDocument.

    By handle and not by name: Pillow maps an uncompressed TIFF that it opens by name, and turns it wrongly.
    """
    start = first_bytes(path)
    if start.startswith(png.SIGNATURE):
        return png.essential(path)
    if tiff.is_tiff(start):
        return tiff.open_page(path, number)
    raw = Patched(path)
    if start.startswith(jpeg.SIGNATURE) and (frame := jpeg.read_frame(path)) and frame.is_deep:
        raw.patches[frame.offset] = b"\x08"  # the precision, so that Pillow reads on
    return BufferedReader(raw)


def complete(image: "Image", path: Path) -> None:
    """Give Pillow what it needs to load a picture it has opened from `open_picture`."""
    if image.format in ("JPEG", "MPO") and (frame := jpeg.read_frame(path)) and frame.is_deep:
        _decode_by_folio(image, path, frame)
    if image.format == "TIFF" and first_bytes(path).startswith(tiff.BIG_ENDIAN_BIG):
        _state_orientation(image)


def _state_orientation(image: "Image") -> None:
    """Say as EXIF data what Pillow would look for in the file, where it misreads big-endian BigTIFFs."""
    from PIL import Image

    tags = Image.Exif()
    tags[_ORIENTATION] = image.tag_v2.get(_ORIENTATION, 1)  # type: ignore[attr-defined] # a TIFF has them
    image.info["exif"] = tags.tobytes()


def _decode_by_folio(image: "Image", path: Path, frame: jpeg.Frame) -> None:
    from PIL import Image, ImageFile

    class Decoder(ImageFile.PyDecoder):
        _pulls_fd = True

        def decode(self, _buffer: object) -> tuple[int, int]:
            source, header = self.args
            mode = "CMYK;I" if self.mode == "CMYK" else self.mode
            self.set_as_raw(deep_jpeg.decode(source, header).tobytes(), mode)
            return -1, 0

    Image.register_decoder(_DEEP_JPEG, Decoder)
    image.tile = [  # type: ignore[attr-defined] # an opened file has them
        ImageFile._Tile(_DEEP_JPEG, (0, 0, *image.size), 0, (path, frame))
    ]


def is_deep_jpeg(image: "Image") -> bool:
    """Return whether Folio's own decoder loads a picture."""
    return any(tile[0] == _DEEP_JPEG for tile in getattr(image, "tile", ()))


def require_supported(path: Path, number: int, *, identified: bool = True) -> None:
    """Raise UnsupportedType for a picture that is whole, as far as its header tells, but of a kind nobody here decodes.

    `identified` is whether Pillow knew its kind.
    """
    start = first_bytes(path)
    kind = None
    if heif.is_heif(start):
        heif.require_installed()
    elif start.startswith(jpeg.SIGNATURE):
        frame = jpeg.read_frame(path)
        if frame and not (frame.is_decoded_by_pillow or frame.is_deep):
            kind = f"{_JPEG_KINDS.get(frame.kind, 'JPEG')} pictures of {frame.precision} bits"
    elif tiff.is_tiff(start):
        kind = tiff.unsupported_kind(path, number, identified=identified)
    elif start.startswith(b"BM") and len(start) == 34 and int.from_bytes(start[14:18], "little") >= 40:
        packed = _BMP_COMPRESSIONS.get(int.from_bytes(start[30:34], "little"))
        kind = packed and f"a BMP with a {packed} in it"
    if kind:
        raise UnsupportedType(f"This kind of picture is not supported: {kind}.")

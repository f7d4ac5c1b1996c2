"""A network that tells a line's characters: its features of them, and the probabilities of those that are wanted."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx import sessions
from folio.providers.ppocr.onnx.graph import LastLayer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.onnx.sessions import Floats

    type Classes = NDArray[np.intp]


class Recognizer:
    """One of the networks that tell characters, all by the same classes: indices of `Networks.characters`."""

    def __init__(self, load: Callable[[], Any], last_layer: LastLayer, classes: "Classes | None" = None) -> None:
        """`load` makes its session, when it is first used; `classes` are its own, in order, None if it has all."""
        self._load = load
        self._last_layer = last_layer
        self._classes = classes
        self._ahead: dict[bytes, Floats] = {}
        self._known: dict[bytes, Classes] = {}
        self._cut_layers: dict[bytes, LastLayer] = {}

    @cached_property
    def _session(self) -> Any:
        return self._load()

    def load(self) -> None:
        """Load the network, which else the first line does."""
        _ = self._session

    def features(self, line: Grey) -> "Floats":
        """Return what characters are told by (1 x steps x features), of a line that is 48 pixels high."""
        ahead = self._ahead.pop(line.tobytes(), None) if self._ahead else None
        return sessions.run(self._session, line) if ahead is None else ahead

    def look_ahead(self, line: Grey) -> "Floats":
        """Return the same, and keep it for the next call of `features`; for other threads."""
        ahead = self._ahead[line.tobytes()] = sessions.run(self._session, line)
        return ahead

    def forget_ahead(self) -> None:
        """Give up what was not asked for."""
        self._ahead.clear()

    def known(self, classes: "Classes | None") -> "Classes | None":
        """Return those of the classes, or of all, that it has; None for all."""
        import numpy as np

        if self._classes is None or classes is None:
            return self._classes if classes is None else classes
        key = classes.tobytes()
        if key not in self._known:
            self._known[key] = classes[np.isin(classes, self._classes)]
        return self._known[key]

    def columns(self, classes: "Classes") -> "Classes":
        """Return where the `known` ones of the classes stand among all that it has."""
        import numpy as np

        if self._classes is None or (known := self.known(classes)) is None:
            return classes
        order = np.argsort(self._classes)
        columns: Classes = order[np.searchsorted(self._classes, known, sorter=order)]
        return columns

    def probabilities(self, features: "Floats", classes: "Classes | None") -> "Floats":
        """Return the probability of each of `known(classes)` among them alone, in each step: steps x classes."""
        layer = self._last_layer
        if classes is not None:
            key = classes.tobytes()
            if key not in self._cut_layers:
                self._cut_layers[key] = layer.of(self.columns(classes))
            layer = self._cut_layers[key]
        return layer.probabilities(features[0])

    def probabilities_once(self, features: "Floats", classes: "Classes") -> "Floats":
        """Return the same for classes that are not asked for again: nothing is kept of them."""
        return self._last_layer.of(self.columns(classes)).probabilities(features[0])

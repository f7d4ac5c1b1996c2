"""A paid provider that is not there: the real policy around answers set beforehand, in a time that passes when told."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.models import Line, Mode, PageImage, PageText, Word
from folio.providers.base import Declaration, Operation
from folio.providers.cloud.base import Cloud, PageCall
from folio.providers.cloud.credentials import Credentials, CredentialsSource
from folio.providers.cloud.faults import CallFailed
from folio.providers.cloud.pacing import TokenBucket
from folio.providers.cost import Ledger
from folio.providers.tiling import Limits, Tile
from folio.transform import Polygon, box

type Grey = NDArray[np.uint8]
type Answer = PageText | CallFailed | Callable[[Tile], PageText]

LIMITS = Limits(size=10_000_000, counted="raw")
MODES: tuple[Mode, ...] = ("general", "accurate", "handwriting", "table", "id_card", "bank_card", "invoice")
PRICES: dict[str, float] = {"general": 0.005, "accurate": 0.04, "invoice": 0.05}
DECLARATION = Declaration(
    name="baidu",
    title="",
    chinese_title="",
    make=lambda _settings: Service(Clock()),
    modes=MODES,
    paid=True,
    api="0",
    endpoint="https://aip.baidubce.com",
    keys=("key",),
    operations={
        mode: Operation(
            name=mode,
            limits=LIMITS,
            qps=1,
            cut=mode in ("general", "accurate", "handwriting"),
            price=PRICES.get(mode),
        )
        for mode in MODES
    },
)


class Clock:
    """Time that passes when told to, or when somebody sleeps in it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0, "time.sleep would raise"
        self.meanwhile()
        self.now += seconds


class Keys(CredentialsSource):
    """Credentials that are others whenever AWS is asked again, as long as there are others."""

    def __init__(self, *names: str) -> None:
        super().__init__(DECLARATION, Settings())
        self._sets = [Credentials({"key": name}) for name in names]

    def get(self, fresh: bool = False) -> Credentials:
        if fresh and len(self._sets) > 1:
            self._sets.pop(0)
        return self._sets[0]

    def rotated(self, used: Credentials) -> bool:
        return self.get(fresh=True) != used


class Service(Cloud):
    """Answers as it was told, the last answer again and again."""

    declaration = DECLARATION

    def __init__(self, clock: Clock, *answers: Answer, settings: Settings | None = None, rate: float = 1e9) -> None:
        super().__init__(settings or Settings())
        self.buckets = self._buckets = {mode: TokenBucket(rate, clock) for mode in MODES}
        self.credentials = Keys("old")
        self.answers = list(answers)
        self.sent: list[Tile] = []
        self.keys: list[str] = []

    def send(self, work: PageCall, piece: Tile, keys: Credentials, timeout: float) -> PageText:  # noqa: ARG002 (the policy's)
        assert timeout > 0
        self.sent.append(piece)
        self.keys.append(keys["key"])
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, CallFailed):
            raise answer
        return answer if isinstance(answer, PageText) else answer(piece)


def ask(
    service: Service, page: PageImage, clock: Clock, *, seconds: float = 1000, ledger: Ledger | None = None,
    options: Options | None = None,
) -> PageText:  # fmt: skip
    asked = options or Options(providers=("baidu",))
    return service.recognize(page, asked, Deadline(seconds, clock), ledger or Ledger())


def paper(height: int, width: int, shade: int = 255) -> Grey:
    return np.full((height, width), shade, np.uint8)


def noise(height: int, width: int) -> Grey:
    """What no compression makes small."""
    return np.random.default_rng(7).integers(0, 256, (height, width), np.uint8)


def page_of(image: Grey, folder: Path) -> PageImage:
    """A grey PGM file, written by hand: what is tested does not write its own input."""
    height, width = image.shape
    path = folder / "page1.pgm"
    path.write_bytes(f"P5 {width} {height} 255\n".encode() + image.tobytes())
    return PageImage(number=1, path=path, width=width, height=height, dpi=None)


def word(text: str, left: float, top: float, width: float = 40, height: float = 20) -> Word:
    return Word(text, 0.9, box(left, top, left + width, top + height))


def text_of(*words: Word) -> PageText:
    """Each word a line of its own."""
    lines = tuple(Line(one.text, one.confidence, one.polygon, (one,)) for one in words)
    return PageText("\n".join(line.text for line in lines), lines)


def reader(*words: Word) -> Callable[[Tile], PageText]:
    """Who sees the words that lie whole in a piece's region, and tells where they are in the piece's pixels."""

    def read(piece: Tile) -> PageText:
        left, top, right, bottom = piece.region
        seen = [
            Word(one.text, one.confidence, _into(piece, one.polygon))
            for one in words
            if all(left <= x <= right and top <= y <= bottom for x, y in one.polygon)
        ]
        return text_of(*seen)

    return read


def flat(polygon: Polygon) -> list[float]:
    """Its eight numbers, as they can be compared approximately."""
    return [number for point in polygon for number in point]


def _into(piece: Tile, polygon: Polygon) -> Polygon:
    """The way back of a piece's way to the image, which only scales and shifts."""
    across, _, right, _, down, below, *_ = piece.to_image.matrix
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = (((x - right) / across, (y - below) / down) for x, y in polygon)
    return (ax, ay), (bx, by), (cx, cy), (dx, dy)

"""A provider that does not exist: the one module that a new provider is. The test puts it among Folio's own."""

import msgspec

from folio.config.settings import Settings
from folio.models import Line, Mode, PageText
from folio.providers.base import Declaration, Operation, Provider, Switch
from folio.providers.cloud.base import Cloud, PageCall
from folio.providers.cloud.credentials import Credentials
from folio.providers.tiling import Limits, Tile
from folio.transform import box

_OPERATIONS: dict[Mode, Operation] = {
    "general": Operation(name="read", limits=Limits(size=10_000_000, counted="raw"), qps=100, price=0.25),
}


def _make(settings: Settings) -> Provider:
    return Quill(settings)


DECLARATION = Declaration(
    name="quill",
    title="Quill Cloud",
    chinese_title="羽毛笔云",
    make=_make,
    modes=tuple(_OPERATIONS),
    paid=True,
    api="1",
    endpoint="https://quill.example",
    keys=("QUILL_KEY",),
    operations=_OPERATIONS,
    switches=(Switch("quill_ink", "Ink", ("general",), ("blue", "black")),),
)


class Quill(Cloud):
    declaration = DECLARATION

    def send(self, work: PageCall, piece: Tile, keys: Credentials, timeout: float) -> PageText:
        headers = {"Key": keys["QUILL_KEY"], **dict(self.declaration.native_switches(work.options))}
        reply = self.endpoint.post("/read", piece.data, headers, timeout)
        if reply.status != 200:
            raise reply.failure()
        text = msgspec.json.decode(reply.body, type=str)
        return PageText(text, (Line(text, 0.9, box(0, 0, piece.width, piece.height), ()),))

"""What the paid providers have in common: an image is fitted, a call is paced, repeated, counted, and put together.

One policy for all of them, over the vocabulary of `faults`: pauses grow exponentially with full jitter, under the
page's deadline; a new token once; a smaller image once; a page that is too much at once in halves; never again what
would fail again.
"""

from abc import ABC, abstractmethod
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import msgspec
from msgspec import Struct

from folio.config.options import AUTO, Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import CredentialsMissing, DeadlineExceeded, EngineTimeout, Misconfigured, UnknownLanguage
from folio.models import Mode, PageImage, PageText
from folio.providers.base import Declaration, Operation, Status
from folio.providers.cloud.credentials import Credentials, CredentialsSource
from folio.providers.cloud.faults import RETRY_POLICY, CallFailed, ErrorKind
from folio.providers.cloud.pacing import Breaker, TokenBucket, backoff
from folio.providers.cost import Ledger
from folio.providers.registry import require_mode
from folio.providers.tiling import Tile, encode_tiles, merge, shrink_tile, split_tile

if TYPE_CHECKING:
    from folio.providers.cloud.http import Endpoint

# Every service reads these two together wherever it takes no language.
CHINESE_AND_ENGLISH = ("eng", "chi_sim")

_TOO_SMALL_TO_CUT = 100  # pixels


class PageCall(Struct, frozen=True):
    """One page on its way to a service."""

    page: PageImage
    operation: Operation
    options: Options
    deadline: Deadline
    ledger: Ledger


class Cloud(ABC):
    """A paid provider; subclasses know one service's wire format and codes."""

    declaration: ClassVar[Declaration]
    billed: ClassVar[frozenset[str]] = frozenset()  # codes of calls that found no text and cost money all the same

    def __init__(self, settings: Settings) -> None:
        self.name = self.declaration.name
        self.credentials = CredentialsSource(self.declaration, settings)
        self._settings = settings
        self._breaker = Breaker()
        rates = settings.rates()
        self._buckets = {
            mode: TokenBucket(rates.get(f"{self.name}.{mode}") or rates.get(self.name) or operation.qps)
            for mode, operation in self.declaration.operations.items()
        }

    @cached_property
    def endpoint(self) -> "Endpoint":
        from folio.providers.cloud.http import Endpoint  # slow to import: http.client and ssl

        return Endpoint(dict(self._settings.endpoints).get(self.name) or self.declaration.endpoint)

    def authorize(self, keys: Credentials, timeout: float) -> None:  # noqa: B027 (most services need nothing)
        """Get what a call needs besides the keys, before its start is taken: a token. Raises CallFailed."""

    @abstractmethod
    def send(self, call: PageCall, tile: Tile, keys: Credentials, timeout: float) -> PageText:
        """One call; coordinates in the piece's pixels. Raises CallFailed."""

    def version(self) -> str:
        return self.declaration.api

    def check(self, options: Options) -> None:
        require_mode(self.name, options.mode)
        self.language(options)
        self._require_endpoint()
        self.credentials.get()
        self._breaker.check(options.mode)

    def language(self, options: Options) -> str | None:
        """The service's name for the languages asked for, null where it takes none. Raises UnknownLanguage."""
        known = self.declaration.languages.get(options.mode) or dict.fromkeys(CHINESE_AND_ENGLISH, "")
        if options.languages[0] == AUTO:  # each of them reads at least Chinese and English
            return known["eng"] or None
        if missing := [name for name in options.languages if name not in known]:
            raise UnknownLanguage(
                f"{self.name} does not read {', '.join(missing)} in mode {options.mode}; it reads {', '.join(known)}."
            )
        # Each of the services' languages includes English.
        chosen = dict.fromkeys(known[name] for name in options.languages if name != "eng")
        if len(chosen) > 1:
            raise UnknownLanguage(f"{self.name} reads one language besides English at a time; give one.")
        return next(iter(chosen), known["eng"]) or None

    def _require_endpoint(self) -> None:
        """An address that cannot be used is told before any call is counted. Raises Misconfigured."""
        self.endpoint  # noqa: B018 (made when it is first asked for)

    def status(self) -> Status:
        try:
            self.credentials.get()
            return Status(self.name, usable=True, detail=f"API {self.declaration.api} at {self.endpoint.host}")
        except CredentialsMissing as error:
            return Status(self.name, usable=False, detail=error.message, missing=self.credentials.missing())
        except Misconfigured as error:
            missing = (f"a good FOLIO_{self.name.upper()}_ENDPOINT",)
            return Status(self.name, usable=False, detail=error.message, missing=missing)

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
        call = PageCall(page, self.declaration.operations[options.mode], options, deadline, ledger)
        self._breaker.check(options.mode)
        self._require_endpoint()
        try:
            tiles = encode_tiles(page.path, call.operation.limits, may_cut=call.operation.cut)
            parts = [part for tile in tiles for part in self._read(tile, call)]
        except DeadlineExceeded as error:
            raise EngineTimeout(f"{self.name} took longer than the page timeout.") from error
        return self._with_warnings(merge(parts), parts)

    def _with_warnings(self, read: PageText, parts: list[tuple[Tile, PageText]]) -> PageText:
        tile = next((tile for tile, _ in parts if tile.reduced), None)
        if tile is None:
            return read
        warning = f"Reduced to {tile.width} x {tile.height} pixels, which is what {self.name} takes."
        return msgspec.structs.replace(read, warnings=(*read.warnings, warning))

    def _read(self, tile: Tile, call: PageCall, *, whole: bool = True) -> list[tuple[Tile, PageText]]:
        """What the service reads on a piece, or on its halves if it is too much at once."""
        try:
            return [self._ask(tile, call)]
        except CallFailed as failure:
            may_cut = whole and call.operation.cut and max(tile.width, tile.height) > _TOO_SMALL_TO_CUT
            if failure.kind is ErrorKind.DENSE and may_cut:
                halves = split_tile(call.page.path, tile, call.operation.limits)
                return [part for half in halves for part in self._read(half, call, whole=False)]
            error = failure.error(self.name)
            if failure.kind is ErrorKind.QUOTA:
                self._breaker.open(call.options.mode, error)
            raise error from None

    def _ask(self, tile: Tile, call: PageCall) -> tuple[Tile, PageText]:
        """Call until it is answered or not worth it. Raises the last CallFailed."""
        failed: Counter[ErrorKind] = Counter()
        attempt = 0
        while True:
            attempt += 1
            keys = self.credentials.get()
            try:
                return tile, self._call(tile, call, keys)
            except CallFailed as failure:
                failed[failure.kind] += 1
                if attempt >= self._settings.call_attempts:
                    raise
                first = failed[failure.kind] == 1
                if failure.kind is ErrorKind.IMAGE_FIXABLE and first:
                    tile = shrink_tile(call.page.path, tile, call.operation.limits)
                elif failure.kind is ErrorKind.CONFIG and first and self.credentials.rotated(keys):
                    continue
                elif failed[failure.kind] > RETRY_POLICY[failure.kind].repeats:
                    raise
                else:
                    self._pause(failure, attempt, call)

    def _pause(self, failure: CallFailed, attempt: int, call: PageCall) -> None:
        if failure.kind is ErrorKind.AUTH_REFRESH:  # the next call gets a new token
            return
        seconds = max(backoff(attempt), failure.retry_after or 0.0)
        if not call.deadline.has(seconds):
            raise failure
        if failure.kind is ErrorKind.THROTTLED:
            self._buckets[call.options.mode].hold(seconds)  # the other threads wait too
        call.deadline.wait(seconds)

    def _wait_for_turn(self, mode: Mode, call: PageCall) -> None:
        bucket = self._buckets[mode]
        call.deadline.wait(bucket.take(call.deadline.timeout(self._settings.page_timeout)))
        while remaining := bucket.late():
            call.deadline.wait(remaining)

    def _call(self, tile: Tile, call: PageCall, keys: Credentials) -> PageText:
        mode = call.options.mode
        self._breaker.check(mode)  # another page may have met the end of the quota meanwhile
        self.authorize(keys, call.deadline.timeout(self._settings.call_timeout))
        self._wait_for_turn(mode, call)
        timeout = call.deadline.timeout(self._settings.call_timeout)
        call.ledger.spend(self.name, mode)
        try:
            read = self.send(call, tile, keys, timeout)
        except CallFailed as failure:
            if failure.kind is not ErrorKind.EMPTY:
                call.ledger.fail(self.name, mode)
                raise
            if failure.code in self.billed:
                call.ledger.charge(self.name, mode, call.operation.price)
            return PageText("", ())
        call.ledger.charge(self.name, mode, call.operation.price)
        return read

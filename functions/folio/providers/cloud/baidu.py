"""Baidu AI Cloud OCR, through baidu-aip's client and method names but on a transport of our own.

baidu-aip itself verifies no certificate, puts the secret into an address, keeps an expired token (111), and after any
error of the token endpoint signs another way for ever. Sources: the SDK 4.16.13; ai.baidu.com/ai-doc/OCR/dk3h7y5vr
(codes, rates); cloud.baidu.com/doc/OCR/s/tk3h7y2aq, vk3h7y58v, ak3h7xxg3 and ai.baidu.com/ai-doc/OCR/rk3h7xzck
(answers and limits).
"""

import threading
import time
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import Struct

from folio.models import Mode, PageText
from folio.providers.base import Declaration, Operation, Switch
from folio.providers.cloud import baidu_responses as answers
from folio.providers.cloud.base import Cloud, PageCall
from folio.providers.cloud.credentials import Credentials
from folio.providers.cloud.faults import CallFailed, ErrorKind, classify
from folio.providers.tiling import Limits, Tile

if TYPE_CHECKING:
    from folio.providers.cloud.http import Endpoint, Reply

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
_BEFORE_EXPIRY = 60  # seconds
_MB = 1024 * 1024


def _limits(megabytes: int, max_side: int) -> Limits:
    return Limits(size=megabytes * _MB, counted="urlencoded", max_side=max_side)


# What the documentation says of single endpoints, and of all others.
_OTHERS = _limits(4, 4096)

CODES: dict[str, ErrorKind] = {
    **dict.fromkeys(("1", "2", "4", "SDK108"), ErrorKind.TRANSIENT),
    "18": ErrorKind.THROTTLED,
    "282000": ErrorKind.DENSE,
    "216630": ErrorKind.TRANSIENT_ONCE,
    **dict.fromkeys(("100", "110", "111"), ErrorKind.AUTH_REFRESH),
    **dict.fromkeys(("17", "19"), ErrorKind.QUOTA),
    **dict.fromkeys(("3", "6", "14", "216100", "216101", "216102", "216103", "216110"), ErrorKind.CONFIG),
    **dict.fromkeys(("216200", "216201", "216202", "216203"), ErrorKind.IMAGE_FIXABLE),
    **dict.fromkeys(("216631", "216633", "282102", "282103"), ErrorKind.REJECTED),
}

_LANGUAGES = {
    "eng": "ENG", "chi_sim": "CHN_ENG", "chi_tra": "CHN_ENG", "jpn": "JAP", "kor": "KOR", "fra": "FRE", "spa": "SPA",
    "por": "POR", "deu": "GER", "ita": "ITA", "rus": "RUS",
}  # fmt: skip
_MORE = {
    "dan": "DAN", "nld": "DUT", "msa": "MAL", "swe": "SWE", "ind": "IND", "pol": "POL", "ron": "ROM", "tur": "TUR",
    "ell": "GRE", "hun": "HUN", "tha": "THA", "vie": "VIE", "ara": "ARA", "hin": "HIN",
}  # fmt: skip

# Where the words are, and how sure of them it is.
_POSITION_SWITCHES = {"recognize_granularity": "small", "vertexes_location": "true", "probability": "true"}


_OPERATIONS: dict[Mode, Operation] = {
    "general": Operation(name="general", limits=_limits(8, 4096), qps=2, price=0.005),
    "accurate": Operation(name="accurate", limits=_limits(10, 8192), qps=2, price=0.04),
    "handwriting": Operation(name="handwriting", limits=_OTHERS, qps=2),
    "table": Operation(name="table", limits=_limits(8, 8192), qps=2, cut=False),
    "id_card": Operation(name="idcard", limits=_limits(8, 8192), qps=2, cut=False),
    "bank_card": Operation(name="bankcard", limits=_limits(8, 8192), qps=2, cut=False),
    "invoice": Operation(name="vatInvoice", limits=_OTHERS, qps=2, cut=False, price=0.05),
}

# Not here is what Folio sets itself, and what only adds pictures or forms of an answer that a result has no place for.
# Source: the option samples of the SDK.
_TEXT: tuple[Mode, ...] = ("general", "accurate", "handwriting")
_SWITCHES = (
    Switch("detect_direction", "detect_direction", (*_TEXT, "id_card", "bank_card")),
    Switch(
        "language_type",
        "language_type",
        ("general", "accurate"),
        ("CHN_ENG", "ENG", "JAP", "KOR", "FRE", "SPA", "POR", "GER", "ITA", "RUS", "auto_detect"),
    ),
    Switch("paragraph", "paragraph", ("general", "accurate")),
    Switch("detect_language", "detect_language", ("general",)),
    Switch("eng_granularity", "eng_granularity", _TEXT, ("word", "letter")),
    Switch("cell_contents", "cell_contents", ("table",)),
    Switch("detect_risk", "detect_risk", ("id_card",)),
    Switch("detect_quality", "detect_quality", ("id_card", "bank_card")),
    Switch("detect_ps", "detect_ps", ("id_card",)),
)

DECLARATION = Declaration(
    name="baidu",
    title="Baidu AI Cloud",
    chinese_title="百度智能云",
    make=lambda settings: Baidu(settings),  # noqa: PLW0108 (the class stands below)
    modes=tuple(_OPERATIONS),
    paid=True,
    api="rest/2.0/ocr/v1",
    endpoint="https://aip.baidubce.com",
    keys=("BAIDU_API_KEY", "BAIDU_SECRET_KEY"),
    operations=_OPERATIONS,
    languages={"general": _LANGUAGES, "accurate": _LANGUAGES | _MORE},
    switches=_SWITCHES,
)


class Baidu(Cloud):
    declaration = DECLARATION

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self._tokens = _Tokens()

    def authorize(self, keys: Credentials, timeout: float) -> None:
        self._tokens.get(self.endpoint, keys, timeout)

    def send(self, call: PageCall, tile: Tile, keys: Credentials, timeout: float) -> PageText:
        until = time.monotonic() + timeout
        token = self._tokens.get(self.endpoint, keys, timeout)
        try:
            answer = self._called(_client()(self.endpoint, token, until), call, tile)
        except CallFailed as failure:
            if failure.kind is ErrorKind.AUTH_REFRESH:
                self._tokens.forget(token)
            raise
        return answers.read(call.options, answer)

    def _called(self, client: Any, call: PageCall, tile: Tile) -> bytes:
        """The call by the SDK's name for it."""
        options = self._options(call)
        arguments: tuple[Any, ...] = (tile.data, options)
        if call.options.mode == "id_card":
            arguments = (tile.data, "back" if call.options.id_card_side == "back" else "front", options)
        answer: bytes = getattr(client, call.operation.name)(*arguments)
        return answer

    def _options(self, call: PageCall) -> dict[str, str]:
        switches = dict(_POSITION_SWITCHES) if call.options.mode in ("general", "accurate", "handwriting") else {}
        if call.options.mode == "accurate":
            switches["char_probability"] = "true"
        if call.options.mode == "bank_card":
            switches["location"] = "true"
        language = self.language(call.options)
        return (
            switches
            | ({"language_type": language} if language else {})
            | dict(self.declaration.native_switches(call.options))
        )


@cache
def _client() -> Any:
    """Return a class: baidu-aip's client for one call, with our way to send it. It takes requests along, so it is slow
    to import."""
    with warnings.catch_warnings():  # it silences urllib3's warnings of unverified certificates, for the whole process
        from aip import AipOcr

    class Client(AipOcr):  # type: ignore[misc] # it ships no types
        def __init__(self, endpoint: "Endpoint", token: str, until: float) -> None:
            super().__init__("", "", "")
            self._endpoint = endpoint
            self._token = token
            self._until = until

        def _request(self, url: str, data: dict[str, str], headers: dict[str, str] | None = None) -> bytes:  # noqa: ARG002 (the SDK's)
            """Raises CallFailed; the body of the answer, whatever it says."""
            # The service wants its token in the query; nothing of ours ever writes that down.
            query = {"access_token": self._token, "aipSdk": "python", "aipVersion": self.getVersion()}
            target = f"{urlsplit(url).path}?{urlencode(query)}"
            remaining = max(0.1, self._until - time.monotonic())
            return _checked(self._endpoint.post(target, urlencode(data).encode(), _FORM, remaining))

    return Client


class _Tokens:
    """The token of the keys last used, until shortly before it expires; asked for once, by whoever needs it first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[Credentials, str, float] | None = None

    def forget(self, token: str) -> None:
        """A token the service takes no more; not a newer one that another thread has got meanwhile."""
        with self._lock:
            if self._held and self._held[1] == token:
                self._held = None

    def get(self, endpoint: "Endpoint", keys: Credentials, timeout: float) -> str:
        until = time.monotonic() + timeout
        if not self._lock.acquire(timeout=timeout):
            raise CallFailed(ErrorKind.TRANSIENT, "timeout")
        try:
            if self._held and self._held[0] == keys and time.time() < self._held[2]:
                return self._held[1]
            form = {
                "grant_type": "client_credentials",
                "client_id": keys["BAIDU_API_KEY"],
                "client_secret": keys["BAIDU_SECRET_KEY"],
            }
            remaining = max(0.1, until - time.monotonic())
            reply = endpoint.post("/oauth/2.0/token", urlencode(form).encode(), _FORM, remaining)
            answer = _decoded(reply, _Token)
            if not answer.access_token:
                if reply.status >= 500:  # whatever it says of the keys
                    raise reply.failure()
                if not answer.error:
                    _checked(reply)
                raise CallFailed(ErrorKind.CONFIG, answer.error or "no token")
            self._held = keys, answer.access_token, time.time() + answer.expires_in - _BEFORE_EXPIRY
            return answer.access_token
        finally:
            self._lock.release()


class _Token(Struct):
    access_token: str = ""
    expires_in: int = 0
    error: str = ""


class _Failure(Struct):
    error_code: int | str = 0


def _checked(reply: "Reply") -> bytes:
    failure = _decoded(reply, _Failure)
    if failure.error_code:
        code = str(failure.error_code)
        raise CallFailed(classify(code, CODES, ErrorKind.TRANSIENT_ONCE), code, reply.retry_after())
    if reply.status != 200:
        raise reply.failure()
    return reply.body


def _decoded[T](reply: "Reply", kind: type[T]) -> T:
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise reply.failure() from None

"""Tencent Cloud OCR, by signed requests of our own (TC3-HMAC-SHA256).

Not by its SDK: 2 MB for one signature, and its retries return old errors. Sources: tencentcloud-sdk-python-ocr 3.1.193
(models, errorcodes), cloud.tencent.com/document/product/866/45470 (what is billed), .../866/36216 (limits).
"""

import base64
import hashlib
import hmac
import time
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from folio.config.provider_options import YES_NO, native
from folio.models import Mode, Options, PageText
from folio.providers.cloud import tencent_responses as answers
from folio.providers.cloud.base import Cloud, Operation, Work
from folio.providers.cloud.credentials import Credentials
from folio.providers.cloud.faults import CallFailed, Fault, classify
from folio.providers.cloud.http import Reply
from folio.providers.tiling import Limits, Piece

_SERVICE = "ocr"
_JSON = "application/json"
_CONFIG = "Config."  # switches that stand in a JSON string of their own

_LIMITS = Limits(size=10 * 1024 * 1024, counted="base64")
_TABLE = Limits(size=10 * 1024 * 1024, counted="base64", min_side=601, max_ratio=2.9)
_INVOICE = Limits(size=10 * 1024 * 1024, counted="base64", min_side=20, max_side=10_000)

CODES: dict[str, Fault] = {
    "RequestLimitExceeded": Fault.THROTTLED,
    "InternalError": Fault.TRANSIENT,
    "ServiceUnavailable": Fault.TRANSIENT,
    "ClientNetworkError": Fault.TRANSIENT,
    "ServerNetworkError": Fault.TRANSIENT,
    "FailedOperation.EngineRecognizeTimeout": Fault.TRANSIENT,
    "FailedOperation.UnKnowError": Fault.TRANSIENT,
    "FailedOperation.DownLoadError": Fault.TRANSIENT,
    "FailedOperation.OcrFailed": Fault.TRANSIENT_ONCE,
    "FailedOperation.CountLimitError": Fault.QUOTA,
    "FailedOperation.ArrearsError": Fault.QUOTA,
    "FailedOperation.UnOpenError": Fault.QUOTA,
    "ResourceUnavailable.InArrears": Fault.QUOTA,
    "ResourceUnavailable.ResourcePackageRunOut": Fault.QUOTA,
    "ResourcesSoldOut.ChargeStatusException": Fault.QUOTA,
    "FailedOperation.ImageSizeTooLarge": Fault.IMAGE_FIXABLE,
    "LimitExceeded.TooLargeFileError": Fault.IMAGE_FIXABLE,
    "FailedOperation.ImageDecodeFailed": Fault.IMAGE_FIXABLE,
    "InvalidParameter.EngineImageDecodeFailed": Fault.IMAGE_FIXABLE,
    "FailedOperation.FileDecodeFailed": Fault.IMAGE_FIXABLE,
    "FailedOperation.PDFParseFailed": Fault.IMAGE_FIXABLE,
    "FailedOperation.UnKnowFileTypeError": Fault.IMAGE_FIXABLE,
    "FailedOperation.ImageNoText": Fault.EMPTY,
    "FailedOperation.ImageNoHandWrite": Fault.EMPTY,
    "FailedOperation.EmptyImageError": Fault.EMPTY,
    "FailedOperation.ImageNoIdCard": Fault.BUSINESS,
    "FailedOperation.MultiCardError": Fault.BUSINESS,
    "FailedOperation.NoBankCardError": Fault.BUSINESS,
    "FailedOperation.IllegalBankCardError": Fault.BUSINESS,
    "FailedOperation.CardSideError": Fault.BUSINESS,
    "FailedOperation.ImageNoSpecifiedCard": Fault.BUSINESS,
    "FailedOperation.IdCardInfoIllegal": Fault.BUSINESS,
    "FailedOperation.IdCardTooSmall": Fault.BUSINESS,
    "FailedOperation.ImageBlur": Fault.BUSINESS,
    "AuthFailure": Fault.CONFIG,
    "UnauthorizedOperation": Fault.CONFIG,
    "InvalidParameter": Fault.CONFIG,
    "InvalidParameterValue": Fault.CONFIG,
    "MissingParameter": Fault.CONFIG,
    "UnknownParameter": Fault.CONFIG,
    "UnsupportedOperation": Fault.CONFIG,
    "FailedOperation.LanguageNotSupport": Fault.CONFIG,
}

_LANGUAGES = {
    "eng": "zh", "chi_sim": "zh", "chi_tra": "zh_rare", "jpn": "jap", "kor": "kor", "spa": "spa", "fra": "fre",
    "deu": "ger", "por": "por", "vie": "vie", "msa": "may", "rus": "rus", "ita": "ita", "nld": "hol", "swe": "swe",
    "fin": "fin", "dan": "dan", "nor": "nor", "hun": "hun", "tha": "tha", "hin": "hi", "ara": "ara",
}  # fmt: skip


class Tencent(Cloud):
    name = "tencent"
    api = "2018-11-19"
    operations: ClassVar[dict[Mode, Operation]] = {
        "general": Operation(name="GeneralBasicOCR", limits=_LIMITS, qps=20),
        "accurate": Operation(name="GeneralAccurateOCR", limits=_LIMITS, qps=10),
        "handwriting": Operation(name="GeneralHandwritingOCR", limits=_LIMITS, qps=10),
        "table": Operation(name="RecognizeTableAccurateOCR", limits=_TABLE, qps=2, cut=False),
        "id_card": Operation(name="IDCardOCR", limits=_LIMITS, qps=20, cut=False),
        "bank_card": Operation(name="BankCardOCR", limits=_LIMITS, qps=10, cut=False),
        "invoice": Operation(name="VatInvoiceOCR", limits=_INVOICE, qps=10, cut=False),
    }
    languages: ClassVar[dict[Mode, dict[str, str]]] = {"general": _LANGUAGES}
    billed: ClassVar[frozenset[str]] = frozenset({"FailedOperation.EmptyImageError"})

    def send(self, work: Work, piece: Piece, keys: Credentials, timeout: float) -> PageText:
        given = {"ImageBase64": base64.b64encode(piece.data).decode(), **self._parameters(work.options)}
        body = msgspec.json.encode(given)
        headers = sign(self.endpoint.host, work.operation.name, body, keys, int(time.time()))
        reply = self.endpoint.post("/", body, headers, timeout)
        return answers.read(work.options, _checked(reply))

    def _parameters(self, options: Options) -> dict[str, Any]:
        given: dict[str, Any] = {}
        match options.mode:
            # The model for many languages places no characters.
            case "general" | "accurate" if ("config_id", "MulOCR") not in options.switches:
                given["IsWords"] = True
            case "handwriting":
                given["EnableWordPolygon"] = True
            case "id_card" if options.id_card_side != "auto":
                given["CardSide"] = options.id_card_side.upper()
        if language := self.language(options):
            given["LanguageType"] = language
        config: dict[str, Any] = {}
        for name, value in native(self.name, options):
            typed = value == "true" if value in YES_NO else value
            if name.startswith(_CONFIG):
                config[name.removeprefix(_CONFIG)] = typed
            else:
                given[name] = typed
        return given | ({"Config": msgspec.json.encode(config).decode()} if config else {})


def sign(host: str, action: str, body: bytes, keys: Credentials, moment: int) -> dict[str, str]:
    """The headers of a request (signature method v3). Source: cloud.tencent.com/document/api/866/33519."""
    date = time.strftime("%Y-%m-%d", time.gmtime(moment))
    scope = f"{date}/{_SERVICE}/tc3_request"
    canonical = f"POST\n/\n\ncontent-type:{_JSON}\nhost:{host}\n\ncontent-type;host\n{_sha256(body)}"
    to_sign = f"TC3-HMAC-SHA256\n{moment}\n{scope}\n{_sha256(canonical.encode())}"
    key = f"TC3{keys['TENCENTCLOUD_SECRET_KEY']}".encode()
    for part in (date, _SERVICE, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    headers = {
        "Authorization": f"TC3-HMAC-SHA256 Credential={keys['TENCENTCLOUD_SECRET_ID']}/{scope}, "
        f"SignedHeaders=content-type;host, Signature={signature}",
        "Content-Type": _JSON,
        "Host": host,
        "X-TC-Action": action,
        "X-TC-Timestamp": str(moment),
        "X-TC-Version": Tencent.api,
        "X-TC-Language": "zh-CN",
    }
    return headers | ({"X-TC-Token": token} if (token := keys.get("TENCENTCLOUD_TOKEN")) else {})


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Error(Struct, rename="pascal"):
    code: str = ""


class _Response(Struct, rename="pascal"):
    error: _Error | None = None


class _Envelope(Struct, rename="pascal"):
    response: _Response


def _checked(reply: Reply) -> bytes:
    """The body of a good answer; errors come with HTTP 200."""
    try:
        answer = msgspec.json.decode(reply.body, type=_Envelope).response
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise reply.failure() from None
    if answer.error:
        code = answer.error.code
        raise CallFailed(classify(code, CODES, Fault.TRANSIENT_ONCE), code, reply.retry_after())
    if reply.status != 200:
        raise reply.failure()
    return reply.body

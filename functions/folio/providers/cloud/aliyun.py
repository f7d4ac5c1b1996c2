"""Alibaba Cloud OCR, by signed requests of our own (ACS3-HMAC-SHA256).

Not by its SDK, which brings 28 MB of packages and sends an empty body when it repeats a stream. Sources:
alibabacloud_ocr_api20210707 3.1.3 (request models); help.aliyun.com/document_detail/294601.html (codes) and
2629927.html (limits); help.aliyun.com/en/ocr/developer-reference/api-recognizeidcard and its neighbours (answers).
"""

import hashlib
import hmac
import time
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from folio.config.options import Options
from folio.models import Mode, PageText
from folio.providers.base import Declaration, Operation, Switch
from folio.providers.cloud import aliyun_responses as answers
from folio.providers.cloud.base import Cloud, PageCall
from folio.providers.cloud.credentials import Credentials
from folio.providers.cloud.faults import CallFailed, ErrorKind, classify
from folio.providers.tiling import Limits, Tile

if TYPE_CHECKING:
    from folio.providers.cloud.http import Reply

_ALGORITHM = "ACS3-HMAC-SHA256"
_LIMITS = Limits(size=10 * 1024 * 1024, counted="raw", min_side=16, max_side=8191, max_ratio=49)

CODES: dict[str, ErrorKind] = {
    "Throttling": ErrorKind.THROTTLED,
    "algorithmError": ErrorKind.TRANSIENT,
    "ServiceUnavailable": ErrorKind.TRANSIENT,
    "InternalError": ErrorKind.TRANSIENT,
    "IllegalImageUrl": ErrorKind.TRANSIENT,
    "exceededImageContent": ErrorKind.IMAGE_FIXABLE,
    "illegalImageSize": ErrorKind.IMAGE_FIXABLE,
    "unsupportedImageFormat": ErrorKind.IMAGE_FIXABLE,
    "noPermission": ErrorKind.CONFIG,
    "ocrServiceNotOpen": ErrorKind.CONFIG,
    "OcrServiceExpired": ErrorKind.QUOTA,
    "invalidStsToken": ErrorKind.CONFIG,
    "illegalSignature": ErrorKind.CONFIG,
    "SignatureDoesNotMatch": ErrorKind.CONFIG,
    "IncompleteSignature": ErrorKind.CONFIG,
    "InvalidAccessKeyId": ErrorKind.CONFIG,
    "InvalidTimeStamp": ErrorKind.CONFIG,
    "Forbidden": ErrorKind.CONFIG,
    "MissingParameter": ErrorKind.CONFIG,
    "InvalidParameter": ErrorKind.CONFIG,
    "unmatchedImageType": ErrorKind.REJECTED,
    "ExceededFaceBackCount": ErrorKind.REJECTED,
}
_CODES = {code.casefold(): kind for code, kind in CODES.items()}


_OPERATIONS: dict[Mode, Operation] = {
    "general": Operation(name="RecognizeGeneral", limits=_LIMITS, qps=10, price=0.0825),
    "accurate": Operation(name="RecognizeAdvanced", limits=_LIMITS, qps=10, price=0.225),
    "handwriting": Operation(name="RecognizeHandwriting", limits=_LIMITS, qps=10),
    "table": Operation(name="RecognizeTableOcr", limits=_LIMITS, qps=10, cut=False),
    "id_card": Operation(name="RecognizeIdcard", limits=_LIMITS, qps=10, cut=False),
    "bank_card": Operation(name="RecognizeBankCard", limits=_LIMITS, qps=10, cut=False),
    "invoice": Operation(name="RecognizeInvoice", limits=_LIMITS, qps=10, cut=False),
}

# Not here is what Folio sets itself, and what only adds pictures or forms of an answer that a result has no place for.
# Source: the SDK's request models.
_SWITCHES = (
    Switch("detect_direction", "NeedRotate", ("accurate", "handwriting", "table")),
    Switch("paragraph", "Paragraph", ("accurate", "handwriting")),
    Switch("need_sort_page", "NeedSortPage", ("accurate", "handwriting")),
    Switch("no_stamp", "NoStamp", ("accurate",)),
    Switch("row", "Row", ("accurate",)),
    Switch("is_hand_writing", "IsHandWriting", ("table",)),
    Switch("line_less", "LineLess", ("table",)),
    Switch("skip_detection", "SkipDetection", ("table",)),
    Switch("llm_rec", "Llm_rec", ("id_card",)),
    Switch("output_quality_info", "OutputQualityInfo", ("id_card",)),
)

DECLARATION = Declaration(
    name="aliyun",
    title="Alibaba Cloud",
    chinese_title="阿里云",
    make=lambda settings: Aliyun(settings),  # noqa: PLW0108 (the class stands below)
    modes=tuple(_OPERATIONS),
    paid=True,
    api="2021-07-07",
    endpoint="https://ocr-api.cn-hangzhou.aliyuncs.com",
    keys=("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    temporary_keys=("ALIBABA_CLOUD_SECURITY_TOKEN",),
    operations=_OPERATIONS,
    switches=_SWITCHES,
)


class Aliyun(Cloud):
    declaration = DECLARATION

    def send(self, call: PageCall, tile: Tile, keys: Credentials, timeout: float) -> PageText:
        query = self._query(call.options)
        headers = sign(self.endpoint.host, call.operation.name, query, tile.data, keys, time.time())
        target = f"/?{urlencode(query, quote_via=quote)}" if query else "/"
        reply = self.endpoint.post(target, tile.data, headers, timeout)
        return answers.read(call.options, _checked(reply))

    def _query(self, options: Options) -> dict[str, str]:
        characters = {"OutputCharInfo": "true"} if options.mode in ("accurate", "handwriting") else {}
        return characters | dict(self.declaration.native_switches(options))


def sign(
    host: str, action: str, query: dict[str, str], body: bytes, keys: Credentials, moment: float
) -> dict[str, str]:
    """The headers of a request. Source: help.aliyun.com/document_detail/2842563.html (signature V3)."""
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "content-type": "application/octet-stream",
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": digest,
        "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-version": DECLARATION.api,
    }
    if token := keys.get("ALIBABA_CLOUD_SECURITY_TOKEN"):
        headers["x-acs-security-token"] = token
    signed = ";".join(sorted(headers))
    canonical_query = "&".join(f"{quote(name, safe='~')}={quote(query[name], safe='~')}" for name in sorted(query))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n/\n{canonical_query}\n{lines}\n{signed}\n{digest}"
    to_sign = f"{_ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(keys["ALIBABA_CLOUD_ACCESS_KEY_SECRET"].encode(), to_sign.encode(), "sha256").hex()
    credential = f"Credential={keys['ALIBABA_CLOUD_ACCESS_KEY_ID']},SignedHeaders={signed},Signature={signature}"
    return {**headers, "accept": "application/json", "authorization": f"{_ALGORITHM} {credential}"}


class _Envelope(Struct, rename="pascal"):
    code: str | int | None = None
    data: Any = None


def _checked(reply: "Reply") -> bytes:
    """The `Data` of a good answer, as JSON: it comes as a string that holds JSON."""
    try:
        answer = msgspec.json.decode(reply.body, type=_Envelope)
        if answer.data and reply.status == 200:
            return answer.data.encode() if isinstance(answer.data, str) else msgspec.json.encode(answer.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise reply.failure() from None
    code = str(answer.code or "")
    # Casefolded: the documentation and the service do not write them alike.
    default = ErrorKind.TRANSIENT if reply.status >= 500 else ErrorKind.TRANSIENT_ONCE
    if not code:
        raise reply.failure() if reply.status != 200 else CallFailed(ErrorKind.TRANSIENT_ONCE, "no data")
    throttled = code.casefold().startswith("throttling")
    kind = ErrorKind.THROTTLED if throttled else classify(code.casefold(), _CODES, default)
    raise CallFailed(kind, code, _retry_after(reply))


def _retry_after(reply: "Reply") -> float | None:
    """Seconds; Alibaba Cloud's own header counts in milliseconds."""
    milliseconds = reply.headers.get("x-acs-retry-after", "")
    return float(milliseconds) / 1000 if milliseconds.isdecimal() else reply.retry_after()

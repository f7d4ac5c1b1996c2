"""Alibaba Cloud's OCR service on loopback: ACS3-HMAC-SHA256, the picture as the body, errors with HTTP status codes."""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import uuid4

import msgspec

from tests.fakes.cloud import aliyun_answers
from tests.fakes.cloud.limits import MB, Codes, Limits, check
from tests.fakes.cloud.server import Call, CloudServer, Refused
from tests.fakes.cloud.wire import Reply, Request, json_reply

ACCESS_KEY_ID = "aliyun-access-key-id"
ACCESS_KEY_SECRET = "aliyun-access-key-secret"
VERSION = "2021-07-07"
SKEW = 900  # seconds
JSON = "application/json;charset=utf-8"

FORMATS = frozenset({"PNG", "JPEG", "MPO", "BMP", "GIF", "TIFF", "WEBP"})
# More than 15 and less than 8192 pixels.
LIMITS = Limits(10 * MB, FORMATS, shortest=16, longest=8191, ratio=49.999)
CODES = Codes(size="exceededImageContent", format="unsupportedImageFormat", sides="illegalImageSize")
ACTIONS = (
    "RecognizeGeneral",
    "RecognizeAdvanced",
    "RecognizeHandwriting",
    "RecognizeTableOcr",
    "RecognizeIdcard",
    "RecognizeBankCard",
    "RecognizeInvoice",
)
STATUS = {
    "noPermission": 401,
    "ocrServiceNotOpen": 401,
    "OcrServiceExpired": 401,
    "invalidStsToken": 401,
    "illegalSignature": 401,
    "InvalidAccessKeyId.NotFound": 404,
    "InvalidAction.NotFound": 404,
    "exceededImageContent": 413,
    "unsupportedImageFormat": 415,
    "illegalImageSize": 416,
    "algorithmError": 503,
    "ServiceUnavailable": 503,
    "InternalError": 500,
}
AUTHORIZATION = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")


class AliyunServer(CloudServer):
    """Everything goes to `url + "/"`; with `security_token`, the credentials are temporary ones."""

    THROTTLED, QUOTA, INTERNAL = "Throttling.User", "OcrServiceExpired", "ServiceUnavailable"
    QPS: ClassVar[dict[str, float]] = dict.fromkeys(ACTIONS, 10)

    def __init__(
        self,
        *,
        access_key_id: str = ACCESS_KEY_ID,
        access_key_secret: str = ACCESS_KEY_SECRET,
        security_token: str = "",
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.access_key_id, self.access_key_secret = access_key_id, access_key_secret
        self.security_token = security_token
        self._nonces: set[str] = set()

    def operation(self, request: Request) -> str:
        return request.headers.get("x-acs-action", "")

    def unknown(self, operation: str) -> Refused:
        return Refused("InvalidAction.NotFound", f"There is no API {operation}.")

    def authorize(self, request: Request) -> None:
        found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if not found:
            raise Refused("IncompleteSignature")
        if request.headers.get("x-acs-version") != VERSION:
            raise Refused("InvalidVersion")
        key_id, names, signature = found.groups()
        if key_id != self.access_key_id:
            raise Refused("InvalidAccessKeyId.NotFound")
        if abs(self.now() - _stamp(request.headers.get("x-acs-date", ""))) > SKEW:
            raise Refused("InvalidTimeStamp.Expired")
        if request.headers.get("x-acs-security-token", "") != self.security_token:
            raise Refused("invalidStsToken")
        signed = names.split(";")
        ours = {name for name in request.headers if name.startswith("x-acs-")} | {"host"}
        if ours - set(signed) or hashlib.sha256(request.body).hexdigest() != request.headers.get(
            "x-acs-content-sha256"
        ):
            raise Refused("SignatureDoesNotMatch")
        if not hmac.compare_digest(self._signature(request, names), signature):
            raise Refused("SignatureDoesNotMatch")
        self._check_nonce(request.headers.get("x-acs-signature-nonce", ""))

    def _signature(self, request: Request, names: str) -> str:
        """The address may say "+" for a blank, the signature never does: it is made of the decoded parameters."""
        query = "&".join(f"{quote(name, '~')}={quote(value, '~')}" for name, value in sorted(request.query))
        headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in names.split(";"))
        body = request.headers["x-acs-content-sha256"]
        canonical = "\n".join((request.method, "/", query, headers, names, body))
        text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        return hmac.new(self.access_key_secret.encode(), text.encode(), "sha256").hexdigest()

    def _check_nonce(self, nonce: str) -> None:
        with self.lock:
            if not nonce or nonce in self._nonces:
                raise Refused("SignatureNonceUsed")
            self._nonces.add(nonce)

    def accept(self, request: Request, call: Call) -> bytes:
        call.params = dict(request.query)
        image = request.body
        if not image:
            raise Refused("MissingParameter", "Url or body is needed.")
        if not request.headers.get("content-type", "").startswith("application/octet-stream"):
            raise Refused("InvalidContentType", "The body is not application/octet-stream.")
        check(image, call, LIMITS, CODES)
        if len(image) > LIMITS.size:
            raise Refused(CODES.size)
        return image

    def answer(self, call: Call, image: bytes) -> Reply:
        data = aliyun_answers.OPERATIONS[call.operation](image, call.params)
        text = msgspec.json.encode(data).decode()  # JSON within JSON, as the service has it
        return json_reply({"RequestId": str(uuid4()).upper(), "Data": text}, content_type=JSON)

    def refuse(self, code: str, message: str = "") -> Reply:
        return self._refuse(code, message)

    def slow_down(self, seconds: float) -> Reply:
        return self._refuse(self.THROTTLED, x_acs_retry_after=f"{seconds * 1000:.0f}")

    def _refuse(self, code: str, message: str = "", **headers: str) -> Reply:
        status = 429 if code.startswith("Throttling") else STATUS.get(code, 400)
        answer = {
            "RequestId": str(uuid4()).upper(),
            "HostId": self.host,
            "Code": code,
            "Message": message or f"The request failed: {code}.",
            "Recommend": f"https://api.aliyun.com/troubleshoot?q={code}&product=ocr-api",
        }
        return json_reply(answer, status, JSON, **headers)


def _stamp(moment: str) -> float:
    try:
        then = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused("InvalidTimeStamp.Format") from None
    return then.timestamp()

"""Tencent Cloud's OCR service on loopback: TC3-HMAC-SHA256, JSON both ways, and errors in an HTTP 200."""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

import msgspec

from tests.fakes.cloud import tencent_answers
from tests.fakes.cloud.limits import MB, Codes, Limits, check
from tests.fakes.cloud.server import Call, CloudServer, Refused
from tests.fakes.cloud.wire import Json, Reply, Request, json_reply

SECRET_ID = "tencent-secret-id"
SECRET_KEY = "tencent-secret-key"
VERSION = "2018-11-19"
SKEW = 300  # seconds

PHOTOS = frozenset({"PNG", "JPEG", "MPO"})
FORMATS = PHOTOS | {"BMP"}
PLAIN = Limits(10 * MB, FORMATS)
LIMITS = {
    "GeneralBasicOCR": PLAIN,
    "GeneralAccurateOCR": PLAIN,
    "GeneralHandwritingOCR": Limits(10 * MB, PHOTOS),
    "RecognizeTableAccurateOCR": Limits(10 * MB, FORMATS, shortest=601, ratio=3),
    "IDCardOCR": PLAIN,
    "BankCardOCR": PLAIN,
    "VatInvoiceOCR": Limits(10 * MB, PHOTOS, shortest=20, longest=10_000),
}
CODES = Codes(
    size="LimitExceeded.TooLargeFileError",
    format="FailedOperation.ImageDecodeFailed",
    sides="FailedOperation.ImageSizeTooLarge",
)
# The page of the table service gives its bounds and no code of their own.
TABLE_CODES = Codes(CODES.size, CODES.format, sides="InvalidParameterValue.InvalidParameterValueLimit")
AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/(\w+)/tc3_request, ?"
    r"SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})"
)


class TencentServer(CloudServer):
    """Everything goes to `url + "/"`; with `token`, the credentials are temporary ones."""

    THROTTLED, QUOTA, INTERNAL = "RequestLimitExceeded", "ResourceUnavailable.ResourcePackageRunOut", "InternalError"
    QPS: ClassVar[dict[str, float]] = {
        "GeneralBasicOCR": 20,
        "GeneralAccurateOCR": 10,
        "GeneralHandwritingOCR": 10,
        "RecognizeTableAccurateOCR": 2,
        "IDCardOCR": 20,
        "BankCardOCR": 10,
        "VatInvoiceOCR": 10,
    }

    def __init__(
        self, *, secret_id: str = SECRET_ID, secret_key: str = SECRET_KEY, token: str = "", **settings: Any
    ) -> None:
        super().__init__(**settings)
        self.secret_id, self.secret_key, self.token = secret_id, secret_key, token

    def operation(self, request: Request) -> str:
        return request.headers.get("x-tc-action", "")

    def unknown(self, operation: str) -> Refused:
        return Refused("InvalidAction", f"The action {operation} does not exist.")

    def authorize(self, request: Request) -> None:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise Refused("InvalidParameter", "The request's Content-Type is not application/json.")
        if request.headers.get("x-tc-version") != VERSION:
            raise Refused("NoSuchVersion")
        found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if not found:
            raise Refused("AuthFailure.InvalidAuthorization")
        self._check_credentials(request, *found.groups())

    def _check_credentials(
        self, request: Request, key_id: str, day: str, service: str, names: str, signature: str
    ) -> None:
        stamp = request.headers.get("x-tc-timestamp", "")
        if not stamp.isdigit() or abs(self.now() - int(stamp)) > SKEW:
            raise Refused("AuthFailure.SignatureExpire", "The time of the request is not the server's.")
        if key_id != self.secret_id:
            raise Refused("AuthFailure.SecretIdNotFound")
        if request.headers.get("x-tc-token", "") != self.token:
            raise Refused("AuthFailure.TokenFailure")
        if {"content-type", "host"} - set(names.split(";")) or service != "ocr" or _day(stamp) != day:
            raise Refused("AuthFailure.SignatureFailure")
        if not hmac.compare_digest(self._signature(request, stamp, day, names), signature):
            raise Refused("AuthFailure.SignatureFailure")

    def _signature(self, request: Request, stamp: str, day: str, names: str) -> str:
        headers = "".join(f"{name}:{request.headers.get(name, '').strip().lower()}\n" for name in names.split(";"))
        body = hashlib.sha256(request.body).hexdigest()
        canonical = "\n".join((request.method, "/", "", headers, names, body))
        scope = f"{day}/ocr/tc3_request"
        text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = f"TC3{self.secret_key}".encode()
        for part in (day, "ocr", "tc3_request", text):
            key = hmac.digest(key, part.encode(), "sha256")
        return key.hex()

    def accept(self, request: Request, call: Call) -> bytes:
        try:
            asked = msgspec.json.decode(request.body, type=dict[str, Any])
        except msgspec.DecodeError:
            raise Refused("InvalidParameter", "The body is no JSON object.") from None
        encoded = asked.pop("ImageBase64", None)
        call.params = {name: msgspec.json.encode(value).decode().strip('"') for name, value in asked.items()}
        if not isinstance(encoded, str) or not encoded:
            raise Refused("MissingParameter", "ImageUrl or ImageBase64 is needed.")
        try:
            image = base64.b64decode(encoded, validate=True)
        except ValueError:  # no ASCII, or no base64
            raise Refused(CODES.format) from None
        limits = LIMITS[call.operation]
        check(image, call, limits, TABLE_CODES if "Table" in call.operation else CODES)
        if len(encoded) > limits.size:
            raise Refused(CODES.size)
        return image

    def answer(self, call: Call, image: bytes) -> Reply:
        return _answered(tencent_answers.OPERATIONS[call.operation](image, call.params))

    def refuse(self, code: str, message: str = "") -> Reply:
        return _answered({"Error": {"Code": code, "Message": message or f"The request failed: {code}."}})


def _answered(answer: Json) -> Reply:
    return json_reply({"Response": answer | {"RequestId": str(uuid4())}})


def _day(stamp: str) -> str:
    return datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d")

"""Our test servers on the wire: what they refuse, how they fail, and how they count."""

import base64
import http.client
import io
import json
import random
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from PIL import Image

from tests.fakes.cloud import baidu
from tests.fakes.cloud.aliyun import STATUS, AliyunServer
from tests.fakes.cloud.baidu import BaiduServer
from tests.fakes.cloud.faults import Fault, code
from tests.fakes.cloud.server import Call, CloudServer
from tests.fakes.cloud.tencent import TencentServer
from tests.fakes.cloud.wire import Reply, make_certificate
from tests.support.documents.specimens import BLANK, TEXT

FORM = {"Content-Type": baidu.FORM}


class Talk:
    """One connection to a Baidu server, with a token."""

    def __init__(self, server: CloudServer, timeout: float = 10, context: ssl.SSLContext | None = None) -> None:
        address = urlsplit(server.url).netloc
        self.http = (
            http.client.HTTPSConnection(address, timeout=timeout, context=context)
            if context
            else http.client.HTTPConnection(address, timeout=timeout)
        )
        asked = {"grant_type": "client_credentials", "client_id": baidu.API_KEY, "client_secret": baidu.SECRET_KEY}
        self.token = self.send(baidu.TOKEN, urlencode(asked))[1].get("access_token", "")

    def send(self, target: str, body: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        self.http.request("POST", target, body, FORM if headers is None else headers)
        response = self.http.getresponse()
        return response.status, json.loads(response.read())

    def read(self, image: bytes = BLANK, operation: str = "general_basic", **fields: str) -> dict[str, Any]:
        body = urlencode({"image": base64.b64encode(image).decode(), **fields})
        return self.send(f"{baidu.FOLDER}{operation}?access_token={self.token}", body)[1]

    def code(self, image: bytes = BLANK, operation: str = "general_basic") -> int:
        return int(self.read(image, operation).get("error_code", 0))


def drawn(kind: str, size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size, "white").save(buffer, kind)
    return buffer.getvalue()


def test_baidu_tokens() -> None:
    with BaiduServer(qps=100, expires_in=0.3, says_expires_in=99) as server:
        talk = Talk(server)
        target = f"{baidu.TOKEN}?grant_type=client_credentials&client_id={baidu.API_KEY}&client_secret="
        talk.http.request("GET", target + "wrong")
        refused = talk.http.getresponse()
        assert (refused.status, json.loads(refused.read())["error"]) == (401, "invalid_client")
        talk.http.request("GET", target + baidu.SECRET_KEY)
        given = json.loads(talk.http.getresponse().read())
        assert given["expires_in"] == 99
        assert "brain_all_scope" in given["scope"].split()
        assert talk.code() == 0
        time.sleep(0.35)
        assert talk.code() == 111
        for token, expected in (("unknown", 110), ("", 100)):
            talk.token = token
            assert talk.code() == expected
        server.script_token(code("invalid_client"))
        assert Talk(server).token == ""
        assert [call.outcome for call in server.token_calls] == ["ok", "invalid_client", "ok", "invalid_client"]


def test_baidu_requests_that_are_wrong() -> None:
    with BaiduServer(qps=1000) as server:
        talk = Talk(server)
        target = f"{baidu.FOLDER}general_basic?access_token={talk.token}"
        assert talk.send(target, "image=abc", {"Content-Type": "application/json"})[1]["error_code"] == 216101
        for body, expected in (("", 216101), ("image=", 216200), ("image=%21%21", 216203), ("image=YWJj", 216201)):
            assert talk.send(target, body)[1]["error_code"] == expected
        assert talk.send(f"{baidu.FOLDER}nothing?access_token={talk.token}", "")[1]["error_code"] == 3
        signed = {**FORM, "Authorization": "bce-auth-v1/ak/2020-01-01T00:00:00Z/1800/host/abc"}
        assert talk.send(f"{baidu.FOLDER}general_basic", "image=YWJj", signed)[1]["error_code"] == 14


def test_baidu_limits_differ() -> None:
    noise = random.Random(7).randbytes(1600 * 1600 * 3)
    buffer = io.BytesIO()
    Image.frombytes("RGB", (1600, 1600), noise).save(buffer, "PNG", compress_level=0)
    large = buffer.getvalue()
    encoded = base64.b64encode(large).decode()
    # Within ten megabytes in base64, and beyond them with every "+" as "%2B".
    assert len(encoded) < 10 * 1024 * 1024 < len(urlencode({"": encoded}))
    with BaiduServer(qps=1000) as server:
        talk = Talk(server)
        assert talk.code(large, "accurate") == 216202
        assert server.calls[-1].bytes == len(large)
        assert talk.code(drawn("PNG", (4200, 60)), "general") == 216202
        assert talk.code(drawn("PNG", (4200, 60)), "accurate") == 0
        assert talk.code(drawn("PNG", (8300, 60)), "accurate") == 216202
        assert talk.code(drawn("PNG", (400, 14)), "accurate") == 216202
        assert talk.code(drawn("TIFF", (100, 100))) == 216201
        assert (server.calls[-1].width, server.calls[-1].height) == (100, 100)


def test_a_picture_that_breaks_off() -> None:
    with BaiduServer() as server:
        assert Talk(server).code(TEXT[: len(TEXT) // 2]) == 216201


def test_tencent_requests_that_are_wrong() -> None:
    right = {"Content-Type": "application/json", "X-TC-Action": "GeneralBasicOCR", "X-TC-Version": "2018-11-19"}
    stamp = {
        "X-TC-Timestamp": "1",
        "Authorization": "TC3-HMAC-SHA256 Credential=a/2020-01-01/ocr/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={'0' * 64}",
    }
    with TencentServer() as server:
        for headers, expected in (
            (right | {"X-TC-Action": "Nothing"}, "InvalidAction"),
            (right | {"Content-Type": "text/plain"}, "InvalidParameter"),
            (right | {"X-TC-Version": "2017-01-01"}, "NoSuchVersion"),
            (right, "AuthFailure.InvalidAuthorization"),
            (right | stamp, "AuthFailure.SignatureExpire"),
            (right | stamp | {"X-TC-Timestamp": str(int(time.time()))}, "AuthFailure.SecretIdNotFound"),
        ):
            connection = http.client.HTTPConnection(server.host)
            connection.request("POST", "/", "{}", headers)
            answer = connection.getresponse()
            assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
            assert json.loads(answer.read())["Response"]["Error"]["Code"] == expected
            connection.close()


def test_aliyun_requests_that_are_wrong() -> None:
    with AliyunServer() as server:
        for headers, expected in (({}, "InvalidAction.NotFound"), ({"x-acs-action": "RecognizeGeneral"}, "Incomplete")):
            connection = http.client.HTTPConnection(server.host)
            connection.request("POST", "/", b"abc", headers)
            answer = connection.getresponse()
            found = json.loads(answer.read())
            assert answer.status >= 400
            assert found["Code"].startswith(expected)
            assert set(found) == {"RequestId", "HostId", "Code", "Message", "Recommend"}
            connection.close()
        assert server.outcomes() == ["InvalidAction.NotFound", "IncompleteSignature"]


def test_every_code_can_be_answered() -> None:
    codes = [*baidu.MESSAGES, "216632", "999999"]
    with BaiduServer(qps=1000) as server:
        talk = Talk(server)
        server.script(*(code(each) for each in codes))
        assert [str(talk.code()) for _ in codes] == codes
        assert server.outcomes() == codes
    with AliyunServer() as aliyun:
        assert {each: aliyun.refuse(each).status for each in STATUS} == STATUS
        assert [aliyun.refuse(each).status for each in ("Throttling.Api", "unmatchedImageType")] == [429, 400]


def test_faults_on_the_wire() -> None:
    with BaiduServer(qps=1000, drip_seconds=0.01) as server:
        server.script("server_error", Fault("server_error", "503"), Fault("retry_after", "2"), "garbage")
        talk = Talk(server)
        seen = []
        for _ in range(4):
            talk.http.request("POST", f"{baidu.FOLDER}general?access_token={talk.token}", "image=", FORM)
            answer = talk.http.getresponse()
            seen.append((answer.status, answer.headers.get("Retry-After"), answer.read()[:1]))
        assert seen == [(500, None, b"<"), (503, None, b"<"), (429, "2", b"<"), (200, None, b"\xef")]
        server.script("drip", Fault("hang", "0.4"))
        for least in (0.5, 0.4):
            begin = time.monotonic()
            assert talk.read()["words_result_num"] == 0
            assert time.monotonic() - begin >= least
        server.script("reset")
        with pytest.raises(ConnectionResetError):
            talk.read()
        assert server.outcomes()[-3:] == ["drip", "hang", "reset"]


def test_a_hanging_call_ends_with_the_server() -> None:
    before = threading.active_count()
    with BaiduServer(hang_seconds=60) as server:
        talk = Talk(server, timeout=0.3)
        server.script("hang")
        with pytest.raises(TimeoutError):
            talk.read()
        assert server.outcomes() == ["hang"]
        begin = time.monotonic()
    assert time.monotonic() - begin < 2
    assert threading.active_count() == before


def test_the_rate_is_kept_for_every_operation_alone() -> None:
    with BaiduServer() as server:
        talk = Talk(server)
        assert [talk.code(operation="general_basic") for _ in range(3)] == [0, 0, 18]
        assert talk.code(operation="accurate_basic") == 0
        assert [call.operation for call in server.violations] == ["general_basic"]
        time.sleep(1.01 - (time.monotonic() - server.calls[0].moment))
        assert talk.code() == 0
    with BaiduServer(qps={"general_basic": 3}) as server:
        talk = Talk(server)
        assert [talk.code() for _ in range(4)] == [0, 0, 0, 18]


def test_a_storm_fails_its_share_and_the_same_calls_again() -> None:
    def outcomes() -> list[str]:
        with BaiduServer(qps=1000) as server:
            talk = Talk(server)
            server.storm(0.3, ["throttle", "internal"], seed=5)
            for _ in range(100):
                talk.code()
            return server.outcomes()

    first = outcomes()
    assert first == outcomes()
    assert 20 <= sum(outcome != "ok" for outcome in first) <= 40
    assert set(first) == {"ok", "throttle", "internal"}


def test_many_at_once_are_all_recorded() -> None:
    with BaiduServer(qps=1000) as server, ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: Talk(server).code(), range(40))) == {0}
        assert server.outcomes() == ["ok"] * 40
        assert (len(server.urls), server.connections) == (80, 40)


def test_tls(tmp_path: Path) -> None:
    files = make_certificate(tmp_path)
    with BaiduServer(tls=files) as server:
        assert server.url.startswith("https://")
        assert Talk(server, context=ssl.create_default_context(cafile=files[0])).read(TEXT)["words_result_num"] == 3
        with pytest.raises(ssl.SSLCertVerificationError):
            Talk(server, context=ssl.create_default_context())


def test_connections_are_kept_or_closed() -> None:
    for keep_alive, connections in ((True, 1), (False, 3)):
        with BaiduServer(keep_alive=keep_alive) as server:
            talk = Talk(server)
            assert [talk.code() for _ in range(2)] == [0, 0]
            assert server.connections == connections


def test_only_baidu_has_tokens_to_expire() -> None:
    with TencentServer() as server, pytest.raises(ValueError, match="hands out no tokens"):
        server.script("token_expired")


class Mistaken(BaiduServer):
    """Has a mistake in it."""

    def answer(self, call: Call, image: bytes) -> Reply:  # noqa: ARG002
        raise ZeroDivisionError


def talk_to(server: BaiduServer) -> None:
    with server, pytest.raises(http.client.RemoteDisconnected):
        Talk(server).read()


def test_a_mistake_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        talk_to(Mistaken())

"""Alibaba Cloud's own SDK against our test server: what satisfies it is a faithful server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from alibabacloud_ocr_api20210707 import models as acs
from alibabacloud_ocr_api20210707.client import Client as AcsClient
from alibabacloud_tea_openapi import exceptions as acs_errors
from alibabacloud_tea_openapi.models import Config
from darabonba.exceptions import UnretryableException

from tests.fakes.cloud import aliyun
from tests.fakes.cloud.aliyun import AliyunServer
from tests.fakes.cloud.faults import Fault, code
from tests.support.documents.specimens import (
    BACK,
    BANK,
    BLANK,
    FRONT,
    INVOICE,
    PAGE,
    TABLE,
    TEXT,
    has_ink,
    near,
    picture,
    spread,
)


class TestAliyun:
    @pytest.fixture
    def server(self) -> Iterator[AliyunServer]:
        with AliyunServer(qps=100) as server:
            yield server

    @staticmethod
    def client(server: AliyunServer, secret: str = aliyun.ACCESS_KEY_SECRET, token: str | None = None) -> AcsClient:
        return AcsClient(
            Config(
                access_key_id=aliyun.ACCESS_KEY_ID,
                access_key_secret=secret,
                security_token=token,
                protocol="HTTP",
                endpoint=server.host,
            )
        )

    def call(self, server: AliyunServer, action: str, image: bytes = TEXT, **more: Any) -> Any:
        """`action` as the SDK's method has it: recognize_advanced, for RecognizeAdvanced."""
        request = getattr(acs, "".join(part.title() for part in action.split("_")) + "Request")(body=image, **more)
        return json.loads(getattr(self.client(server), action)(request).body.data)

    def error(self, server: AliyunServer, action: str, image: bytes = TEXT) -> str:
        with pytest.raises(acs_errors.AlibabaCloudException) as caught:
            self.call(server, action, image)
        return str(caught.value.code)

    @pytest.mark.parametrize("action", ["recognize_general", "recognize_advanced", "recognize_handwriting"])
    def test_reads_lines_where_they_are(self, server: AliyunServer, action: str) -> None:
        data = self.call(server, action)
        assert [line["word"] for line in data["prism_wordsInfo"]] == list(PAGE[1].values())
        for line, drawn in zip(data["prism_wordsInfo"], PAGE[2].values(), strict=True):
            assert near(spread(line["pos"]), drawn)
        assert (data["orgWidth"], data["orgHeight"]) == PAGE[0].size

    def test_characters_when_asked_for(self, server: AliyunServer) -> None:
        line = self.call(server, "recognize_advanced", output_char_info=True)["prism_wordsInfo"][0]
        assert "".join(char["word"] for char in line["charInfo"]) == line["word"]
        boxes = [(c["x"], c["y"], c["x"] + c["w"], c["y"] + c["h"]) for c in line["charInfo"]]
        assert all(has_ink(box) for box in boxes)
        assert "charInfo" not in self.call(server, "recognize_general")["prism_wordsInfo"][0]

    def test_reads_a_table(self, server: AliyunServer) -> None:
        (ruled,) = self.call(server, "recognize_table_ocr", picture(TABLE), line_less=False)["prism_tablesInfo"]
        cells = ruled["cellInfos"]
        assert (ruled["xCellSize"], ruled["yCellSize"]) == (4, 4)
        assert {f"{cell['ysc']},{cell['xsc']}": cell["word"] for cell in cells} == TABLE[1]
        assert all(cell["yec"] == cell["ysc"] for cell in cells)

    def test_reads_both_sides_of_an_identity_card(self, server: AliyunServer) -> None:
        face = self.call(server, "recognize_idcard", picture(FRONT))["data"]["face"]
        names = ("name", "sex", "ethnicity", "birthDate", "address", "idNumber")
        assert [face["data"][name] for name in names] == list(FRONT[1].values())
        places = {info["key"]: spread(info["valuePos"]) for info in face["prism_keyValueInfo"]}
        assert near(places["idNumber"], FRONT[2]["id_number"])
        back = self.call(server, "recognize_idcard", picture(BACK), output_quality_info=True)["data"]["back"]
        assert back["data"] == {"issueAuthority": "河湾市公安局东城分局", "validPeriod": "2018.03.09-2038.03.09"}

    def test_reads_a_bank_card_and_an_invoice(self, server: AliyunServer) -> None:
        card = self.call(server, "recognize_bank_card", picture(BANK))["data"]
        assert (card["bankName"], card["cardNumber"]) == ("河湾银行", "6200123456789012347")
        assert (card["validToDate"], card["cardType"]) == ("08/29", "DC")
        invoice = self.call(server, "recognize_invoice", picture(INVOICE))["data"]
        assert invoice["invoiceNumber"] == INVOICE[1]["invoice_number"]
        assert invoice["checkCode"] == INVOICE[1]["check_code"].replace(" ", "")
        assert invoice["purchaserName"] == INVOICE[1]["buyer_name"]

    def test_what_is_no_card_and_what_is_empty(self, server: AliyunServer) -> None:
        for action in ("recognize_idcard", "recognize_bank_card", "recognize_invoice"):
            assert self.error(server, action) == "unmatchedImageType"
        data = self.call(server, "recognize_general", BLANK)
        assert (data["content"], data["prism_wordsInfo"]) == ("", [])

    def test_refuses_whom_it_does_not_know(self, server: AliyunServer) -> None:
        request = acs.RecognizeGeneralRequest(body=TEXT)
        for client, expected in (
            (self.client(server, secret="wrong"), "SignatureDoesNotMatch"),
            (self.client(server, token="unknown"), "invalidStsToken"),
        ):
            with pytest.raises(acs_errors.ClientException) as caught:
                client.recognize_general(request)
            assert caught.value.code == expected
        server.skew = -1000
        assert self.error(server, "recognize_general") == "InvalidTimeStamp.Expired"

    def test_temporary_credentials(self) -> None:
        with AliyunServer(security_token="for a while") as server:
            answer = self.client(server, token="for a while").recognize_general(acs.RecognizeGeneralRequest(body=TEXT))
        assert json.loads(answer.body.data)["prism_wnum"] == 3

    def test_faults_as_the_sdk_sees_them(self, server: AliyunServer) -> None:
        server.script("throttle", "quota", "internal", code("noPermission"), Fault("retry_after", "2"), "garbage")
        codes = [self.error(server, "recognize_general") for _ in range(4)]
        assert codes == ["Throttling.User", "OcrServiceExpired", "ServiceUnavailable", "noPermission"]
        with pytest.raises(acs_errors.ThrottlingException) as caught:
            self.call(server, "recognize_general")
        assert caught.value.retry_after == 2000
        with pytest.raises(UnretryableException):
            self.call(server, "recognize_general")

"""Tencent Cloud's own SDK against our test server: what satisfies it is a faithful server."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models as tc
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from tests.fakes.cloud import tencent
from tests.fakes.cloud.faults import code
from tests.fakes.cloud.tencent import TencentServer
from tests.support.documents import cards
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


class TestTencent:
    @pytest.fixture
    def server(self) -> Iterator[TencentServer]:
        with TencentServer(qps=100) as server:
            yield server

    @staticmethod
    def client(server: TencentServer, key: str = tencent.SECRET_KEY, token: str | None = None) -> OcrClient:
        http = HttpProfile(protocol="http", endpoint=server.host, reqTimeout=5)
        return OcrClient(Credential(tencent.SECRET_ID, key, token), "ap-guangzhou", ClientProfile(httpProfile=http))

    def call(self, server: TencentServer, action: str, image: bytes = TEXT, **more: Any) -> Any:
        request = getattr(tc, f"{action}Request")()
        request.ImageBase64 = base64.b64encode(image).decode()
        for name, value in more.items():
            setattr(request, name, value)
        return getattr(self.client(server), action)(request)

    def error(self, server: TencentServer, action: str, image: bytes = TEXT, **more: Any) -> str:
        with pytest.raises(TencentCloudSDKException) as caught:
            self.call(server, action, image, **more)
        return str(caught.value.code)

    @pytest.mark.parametrize("action", ["GeneralBasicOCR", "GeneralAccurateOCR", "GeneralHandwritingOCR"])
    def test_reads_lines_where_they_are(self, server: TencentServer, action: str) -> None:
        found = self.call(server, action).TextDetections
        assert [line.DetectedText for line in found] == list(PAGE[1].values())
        assert all(near(spread(line.Polygon), drawn) for line, drawn in zip(found, PAGE[2].values(), strict=True))

    def test_characters_when_asked_for(self, server: TencentServer) -> None:
        line = self.call(server, "GeneralAccurateOCR", IsWords=True).TextDetections[0]
        assert "".join(word.Character for word in line.Words) == line.DetectedText
        assert all(has_ink(spread(point.WordCoordinate)) for point in line.WordCoordPoint)
        written = self.call(server, "GeneralHandwritingOCR", EnableWordPolygon=True).TextDetections[0]
        assert len(written.WordPolygon) == len(written.DetectedText)
        assert not self.call(server, "GeneralAccurateOCR").TextDetections[0].Words

    def test_reads_a_table(self, server: TencentServer) -> None:
        (ruled,) = self.call(server, "RecognizeTableAccurateOCR", picture(TABLE)).TableDetections
        assert ruled.Type == 1
        assert {f"{cell.RowTl},{cell.ColTl}": cell.Text for cell in ruled.Cells} == TABLE[1]
        assert all(near(spread(c.Polygon), TABLE[2][f"{c.RowTl},{c.ColTl}"]) for c in ruled.Cells)

    def test_reads_an_identity_card(self, server: TencentServer) -> None:
        front = self.call(server, "IDCardOCR", picture(FRONT), CardSide="FRONT")
        assert [front.Name, front.Sex, front.Nation, front.Birth] == ["王晓明", "男", "汉", "1990/7/15"]
        assert [front.Address, front.IdNum] == [FRONT[1]["address"], FRONT[1]["id_number"]]
        back = self.call(server, "IDCardOCR", picture(BACK))
        assert (back.Authority, back.ValidDate) == (BACK[1]["issuing_authority"], "2018.03.09-2038.03.09")
        assert self.error(server, "IDCardOCR", picture(BACK), CardSide="FRONT") == "FailedOperation.CardSideError"
        assert self.error(server, "IDCardOCR") == "FailedOperation.ImageNoIdCard"

    def test_reads_a_bank_card_and_an_invoice(self, server: TencentServer) -> None:
        card = self.call(server, "BankCardOCR", picture(BANK))
        assert (card.CardNo, card.CardType, card.ValidDate) == ("6200123456789012347", "借记卡", "08/2029")
        assert self.error(server, "BankCardOCR") == "FailedOperation.NoBankCardError"
        infos = self.call(server, "VatInvoiceOCR", picture(INVOICE)).VatInvoiceInfos
        values = {info.Name: info.Value for info in infos}
        assert values["发票号码"] == f"No{INVOICE[1]['invoice_number']}"
        assert values["小写金额"] == f"¥{INVOICE[1]['total_amount']}"
        assert values["销售方识别号"] == INVOICE[1]["seller_tax_id"]

    def test_refuses_whom_it_does_not_know(self, server: TencentServer) -> None:
        request = tc.GeneralBasicOCRRequest()
        request.ImageBase64 = base64.b64encode(TEXT).decode()
        for client, expected in (
            (self.client(server, key="wrong"), "AuthFailure.SignatureFailure"),
            (self.client(server, token="unknown"), "AuthFailure.TokenFailure"),
        ):
            with pytest.raises(TencentCloudSDKException) as caught:
                client.GeneralBasicOCR(request)
            assert caught.value.code == expected
        server.skew = 400
        assert self.error(server, "GeneralBasicOCR") == "AuthFailure.SignatureExpire"

    def test_temporary_credentials(self) -> None:
        request = tc.GeneralBasicOCRRequest()
        request.ImageBase64 = base64.b64encode(TEXT).decode()
        with TencentServer(token="for a while") as server:
            assert len(self.client(server, token="for a while").GeneralBasicOCR(request).TextDetections) == 3

    def test_faults_as_the_sdk_sees_them(self, server: TencentServer) -> None:
        server.script("throttle", "quota", "internal", code("FailedOperation.OcrFailed"), "server_error", "reset")
        assert [self.error(server, "GeneralBasicOCR") for _ in range(5)] == [
            "RequestLimitExceeded",
            "ResourceUnavailable.ResourcePackageRunOut",
            "InternalError",
            "FailedOperation.OcrFailed",
            "ServerNetworkError",
        ]
        # What happens in the body is not translated: the code is the name of an exception of requests.
        assert self.error(server, "GeneralBasicOCR") in ("ChunkedEncodingError", "ClientNetworkError")
        assert self.error(server, "GeneralBasicOCR", BLANK) == "FailedOperation.ImageNoText"

    def test_limits_of_the_table(self, server: TencentServer) -> None:
        for size in ((590, 700), (700, 2200)):
            image = cards.png(Image.new("L", size, "white"))
            assert self.error(server, "RecognizeTableAccurateOCR", image).startswith("InvalidParameterValue.")

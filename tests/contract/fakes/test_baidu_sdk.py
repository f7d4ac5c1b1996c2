"""Baidu's own SDK against our test server: what satisfies it is a faithful server."""

from collections.abc import Iterator

import pytest
import requests
from aip import AipOcr
from aip.base import AipBase

from tests.fakes.cloud import baidu
from tests.fakes.cloud.baidu import BaiduServer
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
    flat,
    has_ink,
    near,
    picture,
    spread,
)


class TestBaidu:
    @pytest.fixture
    def server(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[BaiduServer]:
        with BaiduServer(qps=100, hang_seconds=3) as server:
            monkeypatch.setattr(AipBase, "_AipBase__accessTokenUrl", server.url + baidu.TOKEN)
            for name, value in list(vars(AipOcr).items()):
                if isinstance(value, str) and value.startswith("https://aip.baidubce.com"):
                    monkeypatch.setattr(AipOcr, name, value.replace("https://aip.baidubce.com", server.url))
            yield server

    @pytest.fixture
    def client(self, server: BaiduServer) -> AipOcr:  # noqa: ARG002 (the server points the class to itself)
        return AipOcr("1", baidu.API_KEY, baidu.SECRET_KEY)

    @pytest.mark.parametrize("operation", ["general", "accurate", "handwriting"])
    def test_reads_lines_where_they_are(self, client: AipOcr, operation: str) -> None:
        answer = getattr(client, operation)(TEXT)
        assert [line["words"] for line in answer["words_result"]] == list(PAGE[1].values())
        for line, drawn in zip(answer["words_result"], PAGE[2].values(), strict=True):
            assert near(flat(line["location"]), drawn)

    @pytest.mark.parametrize("operation", ["basicGeneral", "basicAccurate"])
    def test_the_basic_ones_give_no_places(self, client: AipOcr, operation: str) -> None:
        answer = getattr(client, operation)(TEXT)
        assert [set(line) for line in answer["words_result"]] == [{"words"}] * 3

    def test_switches_shape_the_answer(self, server: BaiduServer, client: AipOcr) -> None:
        names = ("probability", "vertexes_location", "char_probability", "detect_direction")
        switches = {**dict.fromkeys(names, "true"), "recognize_granularity": "small"}
        answer = client.accurate(TEXT, switches)
        line = answer["words_result"][0]
        assert "".join(char["char"] for char in line["chars"]) == line["words"]
        assert all(has_ink(flat(char["location"])) and 0 < char["char_prob"] <= 1 for char in line["chars"])
        assert spread(line["vertexes_location"]) == flat(line["location"])
        assert 0 < line["probability"]["min"] <= line["probability"]["average"] <= 1
        assert answer["direction"] == 0
        assert server.calls[0].params == switches

    def test_reads_english_when_told_so(self, client: AipOcr) -> None:
        answer = client.general(picture(cards.lines("The lamp in the hall is broken")), {"language_type": "ENG"})
        assert answer["words_result"][0]["words"] == "The lamp in the hall is broken"

    def test_reads_a_table(self, client: AipOcr) -> None:
        answer = client.table(picture(TABLE))
        assert answer["table_num"] == 1
        cells = answer["tables_result"][0]["body"]
        assert {f"{cell['row_start']},{cell['col_start']}": cell["words"] for cell in cells} == TABLE[1]
        assert all(cell["row_end"] == cell["row_start"] + 1 for cell in cells)
        assert all(near(spread(c["cell_location"]), TABLE[2][f"{c['row_start']},{c['col_start']}"]) for c in cells)

    def test_reads_both_sides_of_an_identity_card(self, client: AipOcr) -> None:
        front = client.idcard(picture(FRONT), "front")
        words = {name: field["words"] for name, field in front["words_result"].items()}
        assert words == {
            "姓名": FRONT[1]["name"],
            "性别": FRONT[1]["sex"],
            "民族": FRONT[1]["ethnicity"],
            "出生": "19900715",
            "住址": FRONT[1]["address"],
            "公民身份号码": FRONT[1]["id_number"],
        }
        assert near(flat(front["words_result"]["住址"]["location"]), FRONT[2]["address"])
        back = client.idcard(picture(BACK), "front")
        assert (front["image_status"], back["image_status"]) == ("normal", "reversed_side")
        assert [back["words_result"][name]["words"] for name in ("签发日期", "失效日期")] == ["20180309", "20380309"]

    def test_reads_a_bank_card_and_an_invoice(self, client: AipOcr) -> None:
        card = client.bankcard(picture(BANK), {"location": "true"})["result"]
        assert card["bank_card_number"] == BANK[1]["card_number"]
        assert (card["bank_name"], card["bank_card_type"], card["valid_date"]) == ("河湾银行", 1, "08/29")
        assert near(flat(card["bank_card_number_location"]), BANK[2]["card_number"])
        words = client.vatInvoice(picture(INVOICE))["words_result"]
        assert {
            words[vendor] for vendor in ("InvoiceNum", "AmountInFiguers", "SellerRegisterNum", "AmountInWords")
        } == {INVOICE[1][name] for name in ("invoice_number", "total_amount", "seller_tax_id", "total_in_words")}

    def test_what_is_no_card_and_what_is_empty(self, client: AipOcr) -> None:
        assert client.idcard(TEXT, "front")["error_code"] == 216633
        assert client.bankcard(TEXT)["error_code"] == 216631
        assert client.general(BLANK)["words_result_num"] == 0

    def test_a_wrong_secret_is_an_iam_failure_for_ever(self, server: BaiduServer) -> None:
        client = AipOcr("1", baidu.API_KEY, "wrong")
        assert [client.general(TEXT)["error_code"] for _ in range(2)] == [14, 14]
        assert [call.outcome for call in server.token_calls] == ["invalid_client"]

    def test_without_the_scope_it_signs_and_is_understood(self, server: BaiduServer, client: AipOcr) -> None:
        server.scope = "public wise_adapt"
        assert client.basicGeneral(TEXT)["words_result_num"] == 3
        assert "access_token" not in server.urls[-1]

    def test_110_is_refreshed_and_111_is_not(self, server: BaiduServer, client: AipOcr) -> None:
        client.basicGeneral(TEXT)
        server.forget_tokens()
        assert client.basicGeneral(TEXT)["words_result_num"] == 3
        server.script("token_expired")
        assert [client.basicGeneral(TEXT)["error_code"] for _ in range(2)] == [111, 111]
        assert len(server.token_calls) == 2

    def test_faults_as_the_sdk_sees_them(self, server: BaiduServer, client: AipOcr) -> None:
        client.setSocketTimeoutInMillis(500)
        server.script("throttle", "quota", "internal", "hang", "garbage", "reset")
        codes = [client.basicGeneral(TEXT)["error_code"] for _ in range(4)]
        assert codes == [18, 17, 282000, "SDK108"]
        with pytest.raises(ValueError, match=r"BOM|Expecting"):
            client.basicGeneral(TEXT)
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            client.basicGeneral(TEXT)

"""Chinese train tickets: of paper, and the electronic kind."""

import re
from collections.abc import Iterator, Mapping, Sequence

from folio.models import Field
from folio.structure.fields import checks
from folio.structure.fields.labels import Found, Label, find_all, labeled, spaced
from folio.structure.fields.paper import Check, Kind, days, exists, proved, tax_codes
from folio.structure.fields.rows import Row, Span

_TRAIN = r"(?<![A-Za-z0-9])[GDCZTKYLS]\s?\d{1,4}(?![A-Za-z0-9])"
_SLOW_TRAIN = r"(?<![A-Za-z0-9*])\d{4}(?=\s?(?:次|\t))"  # of number alone, between two stations
_STATION = r"(?!次)[一-鿿](?: ?[一-鿿]){0,6}"  # set wide, of few characters; 次 may stand behind a train's number
_DAY = r"\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
_CLOCK = r"(?<!\d)\d{1,2}\s?:\s?\d{2}(?![\d:])"  # behind the day, also where 开 was not read
_SEATS = r"商务座|特等座|(?:优选)?一等座|二等座|动卧|高级软卧|(?:新空调)?(?:硬座|软座|硬卧|软卧)|二等卧|一等卧|无座"
_SEAT = r"(?<!\d)\d{1,2}\s?车\s?(?:加?\d{1,3}\s?[A-F]?\s?号?\s?(?:[上中下]铺)?|无座)"
_ID_NUMBER = r"(?<![0-9*])(?:\d{17}[\dXx]|\d{6,10}\s?\*{2,8}\s?\d{3,4}[\dXx]?)(?![0-9*])"
_LABELS = (
    Label("invoice_number", "发?票号码", spaced(r"\d", "20")),
    Label("invoice_date", "开票日期", _DAY),
    Label("fare", "票价", r"[¥Y]?\s?\d+\.\d{1,2}"),
    Label("electronic_ticket_number", "电子客票号", r"[0-9A-Z]{20,30}"),
    Label("buyer_name", "购买方名称"),
    Label("buyer_tax_id", "统?一?社?会信用代码(?:/纳税人识别号)?", spaced("[0-9A-Z]", "15|18|20")),
)
_SIMPLE = (
    ("departure_time", r"(?<!\d)\d{1,2}\s?:\s?\d{2}(?=\s?开)"),
    ("fare", r"[¥Y]\s?\d+\.\d{1,2}(?!\d)"),
    ("seat_class", _SEATS),
    ("serial_number", r"(?<![0-9A-Z])\d{10,16}[A-Z](?:\d{2}[A-Z])?\d{6}(?!\d)"),
    ("ticket_number", r"(?<![0-9A-Z])(?:[A-Z]\d{6}|[A-Z]\d{2}[A-Z]\d{6})(?![0-9A-Z])"),
)


def _is_one(text: str) -> bool:
    if "铁路电子客票" in text:
        return True
    hints = (_DAY, r"\d{1,2}:\d{2}开", r"\d{1,2}车", _SEATS, r"12306|限乘|中国铁路|检票", r"站")
    count = sum(bool(re.search(hint, text)) for hint in hints)
    has_train = re.search(_TRAIN.replace(r"(?<![A-Za-z0-9])", "") + r"|(?<!\d)\d{4}次", text)
    return count >= (4 if has_train else 5)


def _read(rows: Sequence[Row]) -> Iterator[Found]:
    yield from labeled(rows, _LABELS)
    yield from _journey(rows)
    if seat := next(find_all(rows, _SEAT), None):
        yield Found("seat", "", (seat,))
    days_on = [span for span in find_all(rows, _DAY) if "开票" not in span.row.text]
    if days_on:
        yield Found("departure_date", "", (days_on[0],))
        if clock := re.compile(_CLOCK).search(days_on[0].row.text, days_on[0].end):
            yield Found("departure_time", "", (days_on[0].row.span(*clock.span()),))
    for name, pattern in _SIMPLE:
        # Who has a ticket of a class without a seat has both printed.
        for span in sorted(find_all(rows, pattern), key=lambda span: span.text == "无座"):
            yield Found(name, "", (span,))
    for span in find_all(rows, _ID_NUMBER):
        yield Found("id_number", "", (span,))
        if after := re.match(r"\s*([一-鿿·]{2,12})", span.row.text[span.end :]):
            begin = span.end + after.start(1)
            yield Found("passenger_name", "", (span.row.span(begin, span.end + after.end(1)),))


def _journey(rows: Sequence[Row]) -> Iterator[Found]:
    """Find where from, which train, and where to: they stand beside each other."""
    for train in (*find_all(rows, _TRAIN), *find_all(rows, _SLOW_TRAIN)):
        names = [span for span in find_all(rows, _STATION) if _is_level(span, train) and "检票" not in span.row.text]
        left = [span for span in names if span.box[2] <= train.box[0]]
        right = [span for span in names if span.box[0] >= train.box[2]]
        if left and right:
            yield Found("departure_station", "", (left[-1],))
            yield Found("train_number", "", (train,))
            yield Found("arrival_station", "", (right[0],))
            return


def _is_level(span: Span, train: Span) -> bool:
    middle = (span.box[1] + span.box[3]) / 2
    return train.box[1] - train.row.height * 0.6 < middle < train.box[3] + train.row.height * 0.6


def _check(values: Mapping[str, Field]) -> dict[str, Check]:
    came = days(values, "departure_date", "invoice_date") | tax_codes(values, "buyer_tax_id")
    if "id_number" in values and "*" not in values["id_number"].value:
        came["id_number"] = proved(checks.is_id_number(values["id_number"].value))
    if "departure_time" in values:
        hour, _, minute = values["departure_time"].value.partition(":")
        came["departure_time"] = exists(values["departure_time"], int(hour) < 24 and int(minute) < 60)
    if "ticket_number" in values and "serial_number" in values:
        same = values["serial_number"].value.endswith(values["ticket_number"].value[-7:])
        came["ticket_number"] = proved(same)
    return came


_MUST = {
    "ticket_number": "the end of the serial number, where that is printed", "departure_date": "a day that exists",
    "departure_time": "a time that exists", "id_number": "GB 11643's check digit, where no sign of it is hidden",
    "invoice_date": "a day that exists", "buyer_tax_id": "GB 32100's check character, or an identity number's",
}  # fmt: skip
_FREE = (
    "departure_station", "train_number", "arrival_station", "seat", "seat_class", "fare", "passenger_name",
    "electronic_ticket_number", "serial_number", "invoice_number", "buyer_name",
)  # fmt: skip
KIND = Kind("train_ticket", _is_one, _read, _check, (_TRAIN, r"\d\s?:\s?\d{2}\s?开", _SEAT), _MUST, _FREE)

"""Names, numbers and amounts that nobody has: region codes 99 are not assigned, cards begin with test prefixes."""

import random
from datetime import date, timedelta

_ID_CARD = "10X98765432"
_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FAMILIES, _GIVEN = (
    "林陈赵钱孙李周吴郑王冯褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜",
    "明德志远晓峰雅琴文博建国淑兰子涵宇轩思雨佳",
)
_PLACES = "云岭", "青禾", "石桥", "白鹭", "松涛", "南屏", "望江", "长宁"
_TRADES = "文具", "仪器", "食品", "建材", "印务", "花木", "电子科技", "餐饮管理", "物流", "信息技术"
_ENDS = "有限公司", "有限责任公司", "股份有限公司"
_STREETS = "解放路", "中山大道", "建设街", "滨河东路", "人民北路"


def person(made: random.Random) -> str:
    return made.choice(_FAMILIES) + "".join(made.sample(_GIVEN, made.choice((1, 2, 2))))


def company(made: random.Random) -> str:
    return f"{made.choice(_PLACES)}市{made.choice(_PLACES)}{made.choice(_TRADES)}{made.choice(_ENDS)}"


def address(made: random.Random) -> str:
    return f"{made.choice(_PLACES)}省{made.choice(_PLACES)}市{made.choice(_STREETS)}{made.randint(1, 999)}号"


def long_address(made: random.Random) -> str:
    return f"{address(made)}{made.choice(_PLACES)}小区{made.randint(1, 30)}栋{made.randint(101, 2899)}室"


def phone(made: random.Random) -> str:
    return f"0{made.randint(900, 999)}-{made.randint(20000000, 89999999)}"


def day(made: random.Random, first: int = 2016, last: int = 2025) -> date:
    return date(first, 1, 1) + timedelta(days=made.randrange((last - first + 1) * 365))


def digits(made: random.Random, count: int) -> str:
    return "".join(made.choices("0123456789", k=count))


def id_number(made: random.Random, birth: date, *, male: bool) -> str:
    """Return one of an unassigned region, with its check digit."""
    order = made.randint(10, 99) * 10 + made.randrange(0, 10, 2) + male
    body = f"99{made.randint(1000, 9999)}{birth:%Y%m%d}{order % 1000:03}"
    return body + _ID_CARD[sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(body)) % 11]


def credit_code(made: random.Random) -> str:
    """Return a unified social credit code of an unassigned region, with its check character."""
    body = "9199" + "".join(made.choices("0123456789", k=4)) + "".join(made.choices(_CREDIT_CODE, k=9))
    total = sum(_CREDIT_CODE.index(sign) * pow(3, at, 31) for at, sign in enumerate(body))
    return body + _CREDIT_CODE[-total % 31]


def card_number(made: random.Random, length: int) -> str:
    """Return one that begins with 62 and zeros, and ends with Luhn's digit."""
    body = "620000" + digits(made, length - 7)
    total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"

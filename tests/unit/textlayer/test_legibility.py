"""Which characters are text, and which only claim to be."""

import random
import string

import pytest

from folio.textlayer.legibility import is_meaningless, reason_untrustworthy

TEXTS = {
    "English": "The survey of the northern harbour was finished in autumn that year, and nobody had asked for it.",
    "German": "Die Vermessung des nördlichen Hafens wurde im Herbst abgeschlossen, und niemand fragte danach.",
    "French": "Le relevé du port du nord fut achevé à l'automne de cette année-là, et personne ne l'avait demandé.",
    "Polish": "Pomiary północnego portu zakończono jesienią tamtego roku, choć nikt o nie nie prosił ani nie pytał.",
    "Finnish": "Pohjoisen sataman mittaus saatiin valmiiksi sen vuoden syksyllä, eikä kukaan ollut pyytänyt sitä.",
    "Hungarian": "Az északi kikötő felmérése annak az évnek az őszén fejeződött be, pedig senki sem kérte.",
    "Turkish": "Kuzey limanının ölçümü o yılın sonbaharında tamamlandı, oysa bunu hiç kimse istememişti.",
    "Vietnamese": "Việc khảo sát cảng phía bắc đã hoàn thành vào mùa thu năm đó mà không ai yêu cầu cả.",
    "Pinyin": "Zhongguo Renmin Daxue tushuguan kaifang shijian tongzhi, qing dujia dao yilou fuwutai.",
    "Russian": "Обследование северной гавани было закончено осенью того года, и никто об этом не просил.",
    "Greek": "Η αποτύπωση του βόρειου λιμανιού ολοκληρώθηκε το φθινόπωρο εκείνης της χρονιάς.",
    "Arabic": "انتهى مسح الميناء الشمالي في خريف ذلك العام ولم يطلبه أحد",
    "Hebrew": "סקר הנמל הצפוני הסתיים בסתיו של אותה שנה ואיש לא ביקש אותו, אבל התשלום עבור החשבונית הגיע בזמן",
    "Yiddish": "די אויספֿאָרשונג פֿון דעם צפֿונדיקן האַפֿן איז געענדיקט געוואָרן אין האַרבסט, און קיינער האָט נישט געבעטן",
    "Japanese": "北の港の測量はその年の秋に終わったが、誰もそれを頼んではいなかった。",
    "Korean": "북쪽 항구의 측량은 그해 가을에 끝났지만 아무도 그것을 부탁하지 않았다.",
    "Chinese": "图书馆将于下周一恢复开放，请各位读者携带借书证到一楼服务台办理登记手续，谢谢配合。",
    "traditional Chinese": "圖書館將於下週一恢復開放，請各位讀者攜帶借書證到一樓服務臺辦理登記手續，謝謝配合。",
    "capitals": "THE SURVEY OF THE NORTHERN HARBOUR WAS FINISHED IN THE AUTUMN OF THAT YEAR",
    "figures": "12,345.67 (8.9%) 1,204.00 88 2024-03-01 $ 1.50 -3 EUR 17",
    "contents": "1 Introduction .................. 3 2 Harbours ____________ 17 3 Index . . . . . . 210",
    "formula": "f(x) = 2x + 1, g(y) = y2 - 3 and so h(z) = f(g(z)), where z > 0",
    "one word": "Wrzbg",
    "a title with a rare name": "鯀踥村志 鯀踥村地方志编纂委员会 二〇二二年",
    "a list of languages": "Русский язык Հայերեն լեզու עברית שפה العربية لغة हिन्दी भाषा বাংলা ভাষা தமிழ் மொழி ไทย ภาษา",
    "Thai": "ง า น นี้ ไ ม่ มี ใ ค ร ข อ ใ ห้ ทำ ใ น ปี นั้ น แ ล ะ ก็ เ ส ร็ จ ใ น ฤ ดู ใ บ ไ ม้ ร่ ว ง",
    "a short title": "Jahrbuch Nr. 12 der AG Schwyz",
    "spaced leaders": "1 Harbours . . . . . . . . . . . . . . . 17 2 Bridges . . . . . . . . . . . . . . . . 23",
    "bullets of a symbol font": "\uf0b7 The survey of the harbour \uf0b7 was finished \uf0b7 in autumn of that year",
    "a logo among words": " ".join(["\uf761\uf762\uf763 is a font."] + ["Nobody had asked for it in the autumn."] * 3),
    "formulas": "We have f ( x ) = a x + b , g ( y ) = c y - d , h ( z ) = k z / 2 , p ( q ) = r s , v ( w ) = i j",
    "commands in Chinese": "图书馆将于下周一恢复开放请各位读者携带借书证到 tlmgr xkcd gcc bxjs ptx dvips qxf kpfonts",
    "Ukrainian with a Latin i": "Спiвробiтництво мiст регiонiв Пiвденної i Схiдної Європи, рiчний, Чернiвцi, лiто",
    "Azerbaijani with a Cyrillic schwa": "Şimal limanının ölçülm\u04d9si h\u04d9min ilin payızında bitdi, v\u04d9 "
    "onu heç k\u04d9s ist\u04d9m\u04d9mişdi, n\u04d9 d\u04d9 \u04d9vv\u04d9ll\u04d9r bel\u04d9 bir iş görülmüşdü",
    "samples of rare characters": "The extensions hold characters such as 㐀㐁㐂㐃㐄㐅㐆㐇㐈 that few fonts have, "
    "as their authors say, and that nobody had asked for in that year or another.",
    "leaders of another sign": "فصل ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ١ باب ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ؝ ٢",
    "a caption with two broken words": "弦實二十五 弦實 股四 弦\ue78e案\ue790弦圖 四\ue78d以句股之 差自相乘為中黃實",
    "addresses": "https://qxz.kjw/pfq/vkx https://zzt.gkp/xkcd/bxj qq@wxyz.kp see these pages for all of it",
    "Russian with names": "Обследование северной гавани было закончено системой GNU/Linux и Debian осенью того года",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_text(name: str) -> None:
    assert reason_untrustworthy(TEXTS[name].split()) is None


def shifted(text: str) -> str:
    """As a font's glyph numbers read as characters: the mapping is off by 29."""
    return "".join(chr(ord(char) - 29) if char.isalpha() else char for char in text)


def exchanged(text: str, seed: int) -> str:
    letters = random.Random(seed).sample(string.ascii_lowercase, 26)
    return text.lower().translate(str.maketrans(string.ascii_lowercase, "".join(letters)))


ENGLISH = TEXTS["English"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "neither letters"),
        ("!! §§ --", "neither letters"),
        ("".join(chr(0xE000 + ord(char)) for char in ENGLISH) + " page 1", "without a meaning"),
        ("Sur\ufffdey of t\ufffde har\ufffdour", "without a meaning"),
        ("7KH\x03VXUYH\\ RI\x03WKH QRUWKHUQ", "without a meaning"),
        ('"7+%-', "symbols"),
        (":., dP .. i, . .i ' » 14 .. ? e. .. r P : sr", "symbols"),
        (TEXTS["French"].replace("à", "é").encode().decode("latin-1"), "wrong table"),
        (TEXTS["Chinese"].encode("gbk", "ignore").decode("latin-1"), "wrong table"),
        (TEXTS["Russian"].encode("cp1251").decode("latin-1"), "wrong table"),
        (shifted(ENGLISH), "no language"),
        (ENGLISH.translate(str.maketrans(string.ascii_lowercase, string.ascii_lowercase[3:] + "abc")), "no language"),
        ("".join(chr(ord(char) + 0x700) if char > "一" else char for char in TEXTS["Chinese"]), "rare"),
        (" ".join(ENGLISH.replace(" ", "")), "torn"),
        (" ".join(TEXTS["Russian"].replace(" ", "")), "torn"),
        (ENGLISH + " ".join(" The Harbour and the Bridge"), "torn"),
        (" ".join([ENGLISH] * 8) + " har\x80our br\x81dge ch\x88rch m\x89seum st\x90tion" * 2, "without a meaning"),
        ("Zdsmeq NDJ/Xmqbl Qqzfehhefmrq Nbmid H[P_ 9, 2023", "no language"),
        ("鯀踥皦院匓勑瘋孇毫奟 2022/09/04 v0.8", "rare"),
        ("F X ] G L 1 . P Q V P I S J D Y I 2 N C N 3 H n # i 3 u n G n @ 4 n @ F # @ C x t " * 3, "torn"),
        ("ݠ ሄ ৗ ݹ މ ݻ ९ ན ࢶ ঽ ছ ߊ फ़ ෝ ෘ आ ࠈ ߧ ࠕ ޥ ূ ड़ ᆝ ᄢ ਾ ਯ ᓀ ᒈ ྔ ཹ", "many scripts"),
        ("انتهى مسح لnمينا Aلشماl ﻲnﻓ rخريف كld العAم ولm يطlبه aحد منA مmن kبل هذA الyوم", "two alphabets"),
    ],
)
def test_what_only_claims_to_be_text_is_found_out(text: str, says: str) -> None:
    assert says in (reason_untrustworthy(text.split(" ")) or "nothing")


def test_exchanged_letters_are_found_out_whichever_they_are() -> None:
    found = [reason_untrustworthy(exchanged(ENGLISH + " " + TEXTS["German"], seed).split()) for seed in range(200)]
    assert sum(why is None for why in found) <= 4


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Russian", "а", "я"),
        ("Greek", "α", "ω"),
        ("Hebrew", "\u05d0", "\u05ea"),
        ("Arabic", "\u0627", "\u064a"),
        ("Polish", "a", "z"),
    ],
)
def test_exchanged_letters_are_found_out_in_every_alphabet(name: str, first: str, last: str) -> None:
    letters = [chr(code) for code in range(ord(first), ord(last) + 1)]
    text, found = TEXTS[name].lower(), 0
    for seed in range(50):
        other = random.Random(seed).sample(letters, len(letters))
        changed = text.translate(str.maketrans("".join(letters), "".join(other)))
        found += "no language" in (reason_untrustworthy(changed.split()) or "nothing")
    assert found >= 46


@pytest.mark.parametrize("name", ["Arabic", "Hebrew"])
def test_a_language_as_it_stands_on_the_page_is_text(name: str) -> None:
    assert reason_untrustworthy([word[::-1] for word in reversed(TEXTS[name].split())]) is None


def test_shifted_korean_syllables_are_no_text() -> None:
    changed = "".join(chr(ord(char) - 29) if char >= "가" else char for char in TEXTS["Korean"])
    assert reason_untrustworthy(changed.split()) == "its Korean syllables are rare ones"


def test_random_chinese_characters_are_no_text() -> None:
    draw = random.Random(1)
    for _ in range(50):
        assert reason_untrustworthy(["".join(chr(draw.randrange(0x4E00, 0x9FA6)) for _ in range(60))])


def test_words_with_characters_without_a_meaning_are_told() -> None:
    assert [word for word in ("\uf0b7", "Cor\x1b", "har\ufffdour", "harbour", "港") if is_meaningless(word)] == [
        "\uf0b7",
        "Cor\x1b",
        "har\ufffdour",
    ]

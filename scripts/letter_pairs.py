"""Makes functions/folio/textlayer/letter_pairs.json: how often letters stand side by side in the languages of a script.

Run: .venv/bin/python -m scripts.letter_pairs FOLDER

FOLDER holds translations of programs (LANGUAGE/LC_MESSAGES/*.mo). The table at hand is of Debian 12's libgtk-3-common,
libglib2.0-data, nautilus-data and gnome-control-center-data, unpacked, /usr/share/locale: some 75 languages in Latin
letters, 13 in Cyrillic ones, 5 in Arabic ones, Greek and Hebrew. Only shares of pairs are kept, no text.
"""

import gettext
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from statistics import median

TARGET = Path(__file__).parents[1] / "functions/folio/textlayer/letter_pairs.json"
LETTERS = {
    "latin": "a-z",
    "cyrillic": "а-яёђѓєѕіїјљњћќўџґғқңүұһәө",
    "greek": "α-ω",
    "hebrew": "א-ת",
    "arabic": "\u0621-\u063a\u0641-\u064a\u0671-\u06d3",
}
MIN_SHARE = 0.0003  # of a script's letters: rarer ones have no row
MIN_CHARACTERS = 10_000  # of a language
STEPS = 8  # in a natural logarithm's unit
LEAST = -4  # the logarithm of pairs that are never met
NO_LANGUAGE = re.compile("en@shaw|en_")  # in an alphabet of its own, and doubles

_MARKUP = re.compile(r"%\S+|<[^>]*>|[_&]")


def main() -> None:
    languages = [text for text in _texts(Path(sys.argv[1])) if len(text) > MIN_CHARACTERS]
    scripts = [_script(ranges, languages) for ranges in LETTERS.values()]
    TARGET.write_text(json.dumps(scripts, ensure_ascii=False, indent=0) + "\n", "utf-8")


def _texts(folder: Path) -> Iterator[str]:
    english: set[str] = set()
    for language in sorted(path for path in folder.iterdir() if not NO_LANGUAGE.match(path.name)):
        messages: dict[str, str] = {}
        for path in sorted(language.rglob("*.mo")):
            # A few have a header that gettext cannot read.
            with path.open("rb") as file, suppress(IndexError):
                catalog = vars(gettext.GNUTranslations(file))["_catalog"]
                # Some have the English text where nothing is translated yet: most of Hebrew's.
                messages |= {key: text for key, text in catalog.items() if key and isinstance(key, str) and key != text}
        english |= set(messages)
        yield _MARKUP.sub("", " ".join(messages.values())).lower()
    yield _MARKUP.sub("", " ".join(sorted(english))).lower()


def _script(ranges: str, languages: list[str]) -> tuple[str, str]:
    """Return the letters and, for each pair of them, a character: how much likelier it is than by chance."""
    runs = re.compile(f"[{ranges}]+")
    single: dict[str, float] = defaultdict(float)
    pairs: dict[str, float] = defaultdict(float)
    sizes: list[int] = []
    for text in languages:
        words = runs.findall(text)
        if 2 * sum(map(len, words)) < sum(map(str.isalpha, text)):
            continue
        letters_found = Counter("".join(words))
        sizes.append(sum(count > MIN_SHARE * letters_found.total() for count in letters_found.values()))
        for counter, items in (
            (single, letters_found),
            (pairs, Counter(a + b for run in words for a, b in pairwise(run))),
        ):
            total = items.total()
            for item, count in items.items():
                counter[item] += count / total  # each language weighs the same
    languages_count = sum(single.values())
    alphabet = "".join(sorted(letter for letter, part in single.items() if part > MIN_SHARE * languages_count))
    letters_used = median(sizes)  # of one language: the script's other letters are no choice in it
    chance = letters_used * (letters_used - 1)
    least = math.exp(LEAST) / chance
    scores = (math.log(max(pairs[a + b] / languages_count, least) * chance) for a in alphabet for b in alphabet)
    return alphabet, "".join(chr(ord("0") + round((score - LEAST) * STEPS)) for score in scores)


if __name__ == "__main__":
    main()

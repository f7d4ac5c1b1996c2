"""Whether what is tried on each line of a page still pays: on some pages it gains nothing and doubles their time."""

_FIRST = 16  # of which it is not told from fewer


class Trials:
    """How often something gained what it is tried for; it is given up below a share of `least`."""

    def __init__(self, least: float, first: int = _FIRST) -> None:
        """Of the `first`, of whatever is counted, as many may gain nothing as of so many in all."""
        self._least = least
        self._first = first
        self._tried = self._gained = 0

    def pay(self) -> bool:
        return self._tried - self._gained <= (1 - self._least) * max(self._tried, self._first)

    def count(self, *, gained: bool) -> bool:
        """Count one more and return whether it gained."""
        self.count_many(1, gained=int(gained))
        return gained

    def count_many(self, tried: int, *, gained: int) -> None:
        """Count so many more, of which some gained."""
        self._tried += tried
        self._gained += gained

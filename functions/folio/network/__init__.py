"""Calls over a network that a person asked for: a Folio elsewhere, and documents at an address."""

from folio.errors import Unavailable


class Unreachable(Unavailable):
    """A server that cannot be reached, or whose answer ends early."""

    hint = "Check the address and the connection, and try again."

"""What the networks leave in a process that others test in too."""

import ctypes
import ctypes.util
from collections.abc import Iterator

import pytest

_FE_DFL_ENV = ctypes.c_void_p(-1)


@pytest.fixture(autouse=True)
def ordinary_floats() -> Iterator[None]:
    """A process's first session makes its thread take denormal numbers for zero, with which others count."""
    yield
    ctypes.CDLL(ctypes.util.find_library("m")).fesetenv(_FE_DFL_ENV)

"""What a test needs of the machine, and who installs it."""

import shutil

import pytest

needs_tools = pytest.mark.skipif(
    not (shutil.which("tesseract") and shutil.which("pdftoppm")),
    reason="tesseract or pdftoppm is not on PATH; `make setup` installs them",
)

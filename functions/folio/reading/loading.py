"""What the process that reads a page loads for it, before there is one."""

from folio.config.environment import memory_mb


def load() -> None:
    """Load in this process what pages are taken and prepared with, and PP-OCR where it reads. Raises ToolMissing."""
    from folio.documents.pdf import scan_picture  # noqa: F401
    from folio.preprocess import recipes  # noqa: F401
    from folio.providers.ppocr.engine import NEEDED_MB

    if memory_mb() >= NEEDED_MB:
        from folio.providers.ppocr.onnx.networks import networks
        from folio.providers.ppocr.page import reader  # noqa: F401

        networks().load()

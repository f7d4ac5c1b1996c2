"""What the process that reads a page loads for it, before there is one."""


def load() -> None:
    """Load in this process what pages are taken, prepared and read with by PP-OCR. Raises ToolMissing."""
    from folio.documents.pdf import scan_picture  # noqa: F401
    from folio.preprocess import recipes  # noqa: F401
    from folio.providers.ppocr.onnx.networks import networks
    from folio.providers.ppocr.page import reader  # noqa: F401

    networks().load()

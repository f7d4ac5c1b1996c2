"""PP-OCR's networks in onnxruntime: their files, sessions and answers."""

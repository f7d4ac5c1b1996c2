"""Languages that PP-OCR reads, their words, and which characters follow each other in them."""

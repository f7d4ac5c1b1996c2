"""PP-OCR, a neural engine in processes of its own: detection of lines, recognition, words."""

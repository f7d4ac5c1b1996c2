"""PDFs: what poppler and pypdf tell of them, and objects and pictures to be written into one."""

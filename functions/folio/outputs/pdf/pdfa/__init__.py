"""`pdfa`: the searchable PDF as PDF/A-2b (ISO 19005-2, level B), for archives."""

"""`import folio`: documents read from Python."""

"""Folio reads documents: a PDF or a picture becomes text beside it, as JSON."""

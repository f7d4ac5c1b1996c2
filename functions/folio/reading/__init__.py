"""Reading one document: from the request to the result beside it."""

"""Long documents, which several processes or functions read in chunks."""

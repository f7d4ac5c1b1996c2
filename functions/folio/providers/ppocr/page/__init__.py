"""A whole page: its script, which way it lies, its lines read and in order."""

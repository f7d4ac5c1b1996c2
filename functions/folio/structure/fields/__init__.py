"""The fields of papers, found offline from a page's words and where they stand, each held to what it must be."""

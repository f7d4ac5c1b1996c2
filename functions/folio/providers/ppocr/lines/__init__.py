"""Where the lines of a page are."""

"""What a page's lines are: tables, blocks in reading order, and the fields of papers."""

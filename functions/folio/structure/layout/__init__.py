"""What a page's lines are: blocks in reading order. Rules on boxes and texts; no pixels."""

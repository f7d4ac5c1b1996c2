"""What a line says: its characters, words and boxes, and how sure they are."""

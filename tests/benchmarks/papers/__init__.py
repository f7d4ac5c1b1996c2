"""Papers that Chinese offices have, and till receipts in English: drawn, with made-up names and numbers that check."""

"""The text that a PDF already holds, and whether it can be trusted."""

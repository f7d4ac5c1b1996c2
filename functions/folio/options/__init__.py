"""The table of options at work: what is parsed, resolved, and shown of it elsewhere."""

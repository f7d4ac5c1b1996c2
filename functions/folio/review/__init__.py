"""What people correct of results: kept beside them, applied to pages and fields, exported."""

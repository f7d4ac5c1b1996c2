"""Jobs: documents that are read after the request that brought them."""

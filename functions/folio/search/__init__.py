"""Words searched in the results of a folder, by an index that lies beside them."""

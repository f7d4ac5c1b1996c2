"""Tables of a page: ruled ones from their lines, others from the columns that their words stand in."""

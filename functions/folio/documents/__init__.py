"""Documents and the images of their pages."""

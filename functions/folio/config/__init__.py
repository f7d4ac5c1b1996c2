"""Settings of an installation and options of a document."""

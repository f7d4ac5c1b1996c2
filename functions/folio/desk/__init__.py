"""Reading files of this machine."""

"""OFD (GB/T 33190), China's format of invoices and archives: drawn as a PDF, from which it is read as any other.

`package` finds what belongs to a page, `drawing` writes it down, `paths` knows its lines, `reader` is the way in.
"""

"""Preparing a page image for the engine: small pure steps, composed into named recipes.

A step takes and returns a grey image (height x width, uint8, 0 black) and the transform from the new image's pixels
back to the old one's.
"""

"""PDF output: the text put invisibly under the page."""

"""The HTTP API: what its entry points (`handlers.api`, `folio serve`) call.

It knows neither Lambda nor a web server.
"""

"""The HTTP API: what its doors (`handlers.api`, `folio serve`) call. It knows neither Lambda nor a web server."""

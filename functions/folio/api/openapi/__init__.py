"""The API's description, made from the routes and the schemas."""

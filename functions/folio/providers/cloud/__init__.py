"""The cloud services: requests, errors, pacing and responses."""

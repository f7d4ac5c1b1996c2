"""`folio serve`: the API and its page on this machine, with the handlers of the deployed functions and an S3 inside.

browser or program -> gateway (what API Gateway does) -> handlers.api in a process
                   -> S3 (moto) -> queue (moto) -> handlers.upload in a process -> S3
"""

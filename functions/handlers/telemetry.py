"""The one logger of all doors: JSON lines with the request id; never document text, never secrets."""

from aws_lambda_powertools import Logger

logger = Logger(service="folio", log_uncaught_exceptions=True)

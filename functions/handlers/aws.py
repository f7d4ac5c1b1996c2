"""What the entry points' own clients of AWS have in common; boto3 is imported when the first of them is made."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError


def client_config(attempts: int) -> "Config":
    """Return short timeouts, and so many attempts for a call."""
    from botocore.config import Config

    return Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": attempts})


def reason_of(error: "BotoCoreError | ClientError") -> str:
    """Return the service's error code, or what kept the call from it."""
    from botocore.exceptions import ClientError

    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__

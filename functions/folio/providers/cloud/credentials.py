"""Keys of the paid providers: from environment variables, or from AWS by the ARN of a secret or parameter.

In AWS they are a JSON object in Secrets Manager or in an SSM parameter (SecureString), under the names of the
environment variables: {"BAIDU_API_KEY": "…", "BAIDU_SECRET_KEY": "…"}, for as many providers as there are. They are
cached for five minutes, so a rotated key needs no deployment.
"""

import json
from collections.abc import Mapping

from msgspec import Struct

from folio.config.environment import secret_variables
from folio.config.settings import Settings
from folio.errors import CredentialsMissing
from folio.providers.base import Declaration

CACHE_SECONDS = 300


class Credentials(Struct, frozen=True):
    """The keys of one provider; no `repr`, log or error shows them."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def __repr__(self) -> str:
        return f"Credentials({', '.join(f'{name}=***' for name in self.values)})"

    __str__ = __repr__


class CredentialsSource:
    """Where one provider's keys come from."""

    def __init__(self, provider: Declaration, settings: Settings) -> None:
        self.provider = provider.name
        self._arn = settings.credentials
        self._required = provider.keys
        self._known = (*provider.keys, *provider.temporary_keys)

    def get(self, fresh: bool = False) -> Credentials:
        """The keys; `fresh` asks AWS again. Raises CredentialsMissing that names what is not there."""
        values = self._from_aws(fresh) if self._arn else secret_variables(self._known)
        if missing := [name for name in self._required if name not in values]:
            where = "the secret that FOLIO_CREDENTIALS names" if self._arn else "the environment"
            raise CredentialsMissing(f"{self.provider} needs {', '.join(missing)}, not found in {where}.")
        return Credentials(values)

    def rotated(self, used: Credentials) -> bool:
        """Whether AWS has other keys by now than those that were refused."""
        try:
            return bool(self._arn) and self.get(fresh=True) != used
        except CredentialsMissing:
            return False  # that they were refused is what matters

    def missing(self) -> tuple[str, ...]:
        """The names of what is not there; of a secret that cannot be read, that."""
        try:
            values = self._from_aws(fresh=False) if self._arn else secret_variables(self._known)
        except CredentialsMissing:
            return ("a readable secret at FOLIO_CREDENTIALS",)
        return tuple(name for name in self._required if name not in values)

    def _from_aws(self, fresh: bool) -> dict[str, str]:
        from aws_lambda_powertools.utilities import parameters
        from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError, TransformParameterError
        from botocore.exceptions import BotoCoreError

        try:
            if ":secretsmanager:" in self._arn:
                held = parameters.get_secret(self._arn, max_age=CACHE_SECONDS, force_fetch=fresh)
            else:
                held = parameters.get_parameter(self._arn, decrypt=True, max_age=CACHE_SECONDS, force_fetch=fresh)
        except (GetParameterError, TransformParameterError, BotoCoreError) as error:
            raise CredentialsMissing(f"The secret with {self.provider}'s keys cannot be fetched.") from error
        try:
            values = json.loads(held)
            return {name: value for name in self._known if (value := str(values.get(name) or "").strip())}
        except (ValueError, TypeError, AttributeError):
            # Without its cause, which quotes the secret.
            raise CredentialsMissing(f"The secret with {self.provider}'s keys is no JSON object.") from None

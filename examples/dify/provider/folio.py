"""The settings of the plugin: which Folio, and the key to it."""

from collections.abc import Mapping
from typing import Any

from dify_plugin import ToolProvider
from dify_plugin.errors.tool import ToolProviderCredentialValidationError
from folio_api import FolioApi, FolioApiError


class FolioProvider(ToolProvider):
    """Checks the settings by asking who can read, which needs the key."""

    def _validate_credentials(self, credentials: Mapping[str, Any]) -> None:
        try:
            FolioApi(credentials).providers()
        except FolioApiError as error:
            raise ToolProviderCredentialValidationError(str(error)) from None

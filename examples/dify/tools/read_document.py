"""The tool: one document in; its text, and its pages, lines, tables and fields as JSON."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage
from folio_api import FolioApi, read_pages

_OPTIONS = ("pages", "languages", "mode")


class ReadDocument(Tool):
    """Errors are FolioApiError, whose message Dify shows: a sentence, and what to do."""

    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage]:
        file = tool_parameters["file"]
        options = {name: str(tool_parameters[name]) for name in _OPTIONS if tool_parameters.get(name)}
        result = FolioApi(self.runtime.credentials).read(file.blob, file.filename or "document", options)
        yield self.create_text_message(result["text"])
        yield self.create_json_message(read_pages(result))

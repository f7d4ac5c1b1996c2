"""functions/folio/web/warnings.js: warnings of results in Chinese, as the command line says them."""

import json
import tomllib

from folio.cli.messages import TABLE


def web_warnings() -> str:
    lines = [
        f"  [{json.dumps(english, ensure_ascii=False)}, {json.dumps(chinese, ensure_ascii=False)}],"
        for english, chinese in tomllib.loads(TABLE.read_text("utf-8"))["warnings"].items()
    ]
    head = "// Written by `make generate` from the Chinese of the command line; {} is what is put in."
    return "\n".join([head, "export default [", *lines, "];"]) + "\n"

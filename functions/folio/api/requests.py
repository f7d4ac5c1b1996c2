"""A request to POST v1/documents, in whatever form it comes, as one DocumentRequest."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from folio import keys
from folio.api.http import HttpRequest
from folio.api.multipart import parse_form
from folio.api.wrapping import from_base64
from folio.config.settings import Settings
from folio.errors import BadOption, BadRequest, at_field
from folio.options.resolve import ResolvedOptions, parse_options, resolve_callers_options

MAX_NAME = 200  # bytes of UTF-8
_FILENAME = "filename"
_NOT_OPTIONS = (_FILENAME,)

_MAX_VALUE = 200  # characters of an option

type Name = Annotated[str, Meta(max_length=1024)]
type Value = Annotated[str, Meta(max_length=_MAX_VALUE)] | int | float | bool


class S3Object(Struct, frozen=True, forbid_unknown_fields=True):
    """A document in a bucket that Folio may read. With a `version`, only while that is the newest."""

    bucket: Annotated[str, Meta(min_length=3, max_length=63)]
    key: Annotated[str, Meta(min_length=1, max_length=1024)]
    version: str | None = None


class JsonDocumentRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A document as JSON: its `content` in base64 (also in lines, or as a data URI), or where it lies in S3 (`s3`); one
    of the two."""

    content: str | None = None
    filename: Name = ""
    s3: S3Object | None = None
    options: dict[str, Value] = {}


class DocumentRequest(Struct, frozen=True, kw_only=True):
    """A document to read, or where it lies, and the options that differ from the installation's."""

    content: bytes = b""
    filename: str = "document"
    media_type: str = ""
    s3: S3Object | None = None
    options: Mapping[str, str] = {}


def parse_request(request: HttpRequest, settings: Settings) -> tuple[DocumentRequest, ResolvedOptions]:
    """Return a request and its options over the installation's. Raises BadRequest, BadOption."""
    content_type = request.header("content-type")
    kind = content_type.partition(";")[0].strip().lower()
    query = {name: value for name, value in request.query.items() if name not in _NOT_OPTIONS}
    named = request.query.get(_FILENAME, "")
    if kind == "application/json":
        parsed = _from_json(request.body, named, query)
    elif kind == "multipart/form-data":
        parsed = _from_form(content_type, request.body, named, query)
    else:
        parsed = DocumentRequest(content=request.body, filename=safe_name(named), media_type=kind, options=query)
    if not parsed.s3 and not parsed.content:
        raise BadRequest("The request holds no document.")
    return parsed, check_options(parsed.options, settings)


def _from_json(body: bytes, named: str, query: Mapping[str, str]) -> DocumentRequest:
    payload = read_json(body, JsonDocumentRequest)
    if (payload.content is None) == (payload.s3 is None):
        raise BadRequest("The body needs one of content and s3.")
    content, media_type = from_base64(payload.content or "")
    return DocumentRequest(
        content=content,
        filename=safe_name(payload.filename or named),
        media_type=media_type,
        s3=payload.s3,
        options=_together(query, as_text(payload.options)),
    )


def _from_form(content_type: str, body: bytes, named: str, query: Mapping[str, str]) -> DocumentRequest:
    parts = parse_form(content_type, body)
    files = [part for part in parts if part.name == "file"]
    if len(files) != 1:
        raise at_field(BadRequest(f"The form has {len(files)} parts with the name 'file'; it needs one."), "file")
    fields: dict[str, str] = {}
    for part in parts:
        if part.name == "file":
            continue
        if part.name in fields:
            raise at_field(BadRequest(f"The form has the field {part.name[:40]!r} twice."), part.name)
        fields[part.name] = part.content.decode("utf-8", "replace")
    (file,) = files
    name = fields.pop(_FILENAME, "") or file.filename or named
    return DocumentRequest(
        content=file.content, filename=safe_name(name), media_type=file.media_type, options=_together(query, fields)
    )


def _together(query: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    for name in query.keys() & fields.keys():
        raise at_field(BadOption(f"The option {name!r} stands in the address and in the body; send it once."), name)
    return {**query, **fields}


def read_json[T](body: bytes, kind: type[T]) -> T:
    """Return a JSON body as a model. Raises BadRequest that says where it does not fit."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        message, _, field = str(error).partition(" - at `$.")
        raise at_field(BadRequest(f"The body does not fit: {message}."), field.rstrip("`")) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest("The body is not JSON.") from error


def as_text(options: Mapping[str, Any]) -> dict[str, str]:
    """Return options as every other entry point has them."""
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in options.items()}


def check_options(options: Mapping[str, str], settings: Settings) -> ResolvedOptions:
    """Raises BadOption that names the option at fault; values must be such that S3 metadata can carry them."""
    for name, value in options.items():
        # Names of attached documents alone may be other than ASCII; what is sent as a header is encoded.
        fits = len(value) <= _MAX_VALUE and value.isprintable()
        if not fits or not re.fullmatch(r"[a-z0-9_]{1,40}", name):
            raise at_field(BadOption(f"The option {name[:40]!r} is not known, or its value does not fit."), name[:40])
    try:
        return resolve_callers_options(settings, options)
    except BadOption as error:
        raise at_field(error, error.field or _at_fault(options)) from error


def _at_fault(options: Mapping[str, str]) -> str:
    """Return the name of the option that is bad by itself; empty if only together they are."""
    for name, value in options.items():
        if value.strip():
            try:
                parse_options({name: value.strip()})
            except BadOption:
                return name
    return ""


def safe_name(name: str) -> str:
    """Return a file's name as the last part of a key, without what a path, a control character or a length could do.

    Raises BadRequest for names that are Folio's own.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = "".join(character for character in name if character.isprintable()).strip()
    if name in ("", ".", ".."):
        return "document"
    if name.endswith((keys.RESULT, keys.ERROR)):
        raise at_field(BadRequest("Names that end in .ocr.json or .ocr.error.json are Folio's own."), _FILENAME)
    return _shortened(name)


def _shortened(name: str) -> str:
    """Cut to at most MAX_NAME bytes; the ending stays."""
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if stem and len(ending.encode()) <= 16 else ""
    stem = name.removesuffix(ending) if ending else name
    return stem.encode()[: MAX_NAME - len(ending.encode())].decode("utf-8", "ignore") + ending


def once(values: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """Return query parameters, each given once. Raises BadRequest."""
    parameters = {}
    for name, repeated in values:
        if len(repeated) != 1:
            raise at_field(BadRequest(f"The parameter {name[:40]!r} stands in the address twice."), name[:40])
        parameters[name] = repeated[0]
    return parameters

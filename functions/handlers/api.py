"""The entry point for HTTP: the routes of `folio.api` behind API Gateway."""

import traceback
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse
from folio.api.problems import problem_response
from folio.api.routes import ROUTES, Route, missing
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import FolioError, Misconfigured
from folio.options.settings import load_settings
from folio.wiring import folder_services, s3_services, s3_store, shown_folder, stop_workflow
from handlers.gateway import request_of, response_of
from handlers.scratch import clear_scratch
from handlers.telemetry import logger, metered, record

RESERVE_SECONDS = 6.0  # before the gateway gives up, to hand a document over to a job


def _as_it_is(body: Any) -> Any:
    return body


app = APIGatewayRestResolver(serializer=_as_it_is)  # what folio.api returns is encoded already


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Respond to one request."""
    clear_scratch()
    return app.resolve(event, context)


def _responder(route: Route) -> Callable[..., Response[bytes | str]]:
    return lambda **values: _respond(lambda request: route.respond(request, _context, _deadline()), values)


for _route in ROUTES:
    app.route(_route.path.replace("{", "<").replace("}", ">"), method=_route.method)(_responder(_route))


@app.not_found
def _no_route(_: Exception) -> Response[bytes | str]:
    def refuse(request: HttpRequest) -> HttpResponse:
        raise missing(request.method, request.path)

    return _respond(refuse, {})


def _respond(respond: Callable[[HttpRequest], HttpResponse], values: dict[str, str]) -> Response[bytes | str]:
    event = app.current_event.raw_event
    request_id = str(event["requestContext"].get("requestId") or app.lambda_context.aws_request_id)
    logger.append_keys(correlation_id=request_id, call=f"{event['httpMethod']} {event.get('resource')}")
    try:
        response = respond(request_of(event, values, request_id))
    except Exception as error:  # noqa: BLE001 (a fault of ours has a response too)
        response = problem_response(_logged(error), request_id)
    logger.info("Call answered", status=response.status, bytes=len(response.body))
    return response_of(response, request_id, _origin())


def _logged(error: Exception) -> FolioError:
    """Log why a request failed; return the error to respond with."""
    if isinstance(error, FolioError):
        level = logger.error if error.http_status >= 500 else logger.info
        level(error.logged or error.message, error=type(error).__name__, hint=error.hint)
        return error
    # Where it happened, without its message: a foreign message may quote the document.
    logger.error("Unexpected fault", error=type(error).__name__, where=traceback.format_tb(error.__traceback__))
    return FolioError("Folio made a mistake.")


@cache
def _settings() -> Settings:
    return load_settings()


def _origin() -> str:
    """Return the origin of web pages elsewhere that may call; none may where the settings are wrong."""
    try:
        return _settings().origin
    except FolioError:
        return ""


@cache
def _context() -> ApiContext:
    """Raises Misconfigured where nobody said which bucket."""
    bucket = _settings().bucket
    if not bucket:
        raise Misconfigured("FOLIO_BUCKET does not say where the API may put documents.")
    services = metered(s3_services(bucket))
    return ApiContext(
        bucket=s3_store(bucket),
        services=services,
        services_on=lambda other: metered(s3_services(other)),
        services_between=partial(folder_services, services),
        on_outcome=record,
        stop_workflow=partial(stop_workflow, services.settings),
        folder=shown_folder(),
    )


def _deadline() -> Deadline:
    return Deadline(app.lambda_context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS)

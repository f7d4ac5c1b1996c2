"""The door for HTTP: the routes of `folio.api` behind API Gateway."""

import traceback
from collections.abc import Callable
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from folio.api.http import HttpRequest, HttpResponse
from folio.api.problems import problem_response
from folio.api.routes import ROUTES, Route, missing
from folio.api.service import Service, make_service
from folio.config.settings import Settings, load_settings
from folio.deadline import Deadline
from folio.errors import FolioError
from handlers.gateway import call_of, response_of
from handlers.telemetry import logger, metered, record

RESERVE = 6.0  # seconds before the gateway gives up, to hand a document over to a job


def _as_it_is(body: Any) -> Any:
    return body


app = APIGatewayRestResolver(serializer=_as_it_is)  # what folio.api answers is written already


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call."""
    return app.resolve(event, context)


def _door(route: Route) -> Callable[..., Response[bytes | str]]:
    return lambda **values: _answer(lambda call: route.work(call, _service, _deadline()), values)


for _route in ROUTES:
    app.route(_route.path.replace("{", "<").replace("}", ">"), method=_route.method)(_door(_route))


@app.not_found
def _no_route(_: Exception) -> Response[bytes | str]:
    def refused(call: HttpRequest) -> HttpResponse:
        raise missing(call.method, call.path)

    return _answer(refused, {})


def _answer(work: Callable[[HttpRequest], HttpResponse], values: dict[str, str]) -> Response[bytes | str]:
    event = app.current_event.raw_event
    request_id = str(event["requestContext"].get("requestId") or app.lambda_context.aws_request_id)
    logger.append_keys(correlation_id=request_id, call=f"{event['httpMethod']} {event.get('resource')}")
    try:
        answer = work(call_of(event, values, request_id))
    except Exception as error:  # noqa: BLE001 (a fault of ours is an answer too)
        answer = problem_response(_told(error), request_id)
    logger.info("Call answered", status=answer.status, bytes=len(answer.body))
    return response_of(answer, request_id, _origin())


def _told(error: Exception) -> FolioError:
    """Log why a call failed; the error to tell of."""
    if isinstance(error, FolioError):
        level = logger.error if error.http_status >= 500 else logger.info
        level(error.message, error=type(error).__name__, hint=error.hint)
        return error
    # Where it happened, without its message: a foreign message may quote the document.
    logger.error("Unexpected fault", error=type(error).__name__, where=traceback.format_tb(error.__traceback__))
    return FolioError("Folio made a mistake.")


@cache
def _settings() -> Settings:
    return load_settings()


def _origin() -> str:
    """Of the pages elsewhere that may call; where the settings are wrong the answer says so, and none may."""
    try:
        return _settings().origin
    except FolioError:
        return ""


@cache
def _service() -> Service:
    return make_service(_settings(), metered, record)


def _deadline() -> Deadline:
    return Deadline(app.lambda_context.get_remaining_time_in_millis() / 1000 - RESERVE)

"""The API in the template against the code behind it."""

import json
import re
from fnmatch import fnmatch
from typing import Any

import pytest

from folio import keys
from folio.api.openapi.parts import ERRORS
from folio.api.routes import ROUTES, pattern
from folio.models import Problem, decode
from folio.problems import ProblemDocument, problem_of_report
from folio.serve.local_lambda import load_handler
from tests.support.aws.deployed import translated
from tests.support.aws.rendered import Refused, Rendering
from tests.support.aws.template import PARAMETERS, RESOURCES, actions, listed, referred, statements
from tests.support.paths import ROOT
from tests.unit.template.test_template import let_through

API = RESOURCES["RestApi"]["Properties"]
INDEX = (ROOT / "functions" / "folio" / "web" / "index.html").read_text()
REFUSALS: dict[str, dict[str, Any]] = API["GatewayResponses"]


def paths(**parameters: str) -> dict[str, dict[str, Any]]:
    made: dict[str, dict[str, Any]] = Rendering(**parameters).resources["RestApi"]["Properties"]["DefinitionBody"][
        "paths"
    ]
    return made


PATHS = paths()


def behind(path: str, method: str) -> list[str]:
    """The paths of the template that take a route."""
    concrete = path.replace("{", "").replace("}", "")
    taken = []
    for there, methods in PATHS.items():
        greedy = there.replace("{proxy+}", "*").replace("{name}", "*")
        if fnmatch(concrete, greedy) and {method.lower(), "x-amazon-apigateway-any-method"} & methods.keys():
            taken.append(there)
    return taken


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_route_is_reached_once_and_only_open_ones_without_a_key(route: Any) -> None:
    (path,) = behind(route.path, route.method)
    method = PATHS[path].get(route.method.lower()) or PATHS[path]["x-amazon-apigateway-any-method"]
    assert route.open == (not method.get("security"))
    uri = method["x-amazon-apigateway-integration"]["uri"]
    assert "${ApiFunction.Arn}" in uri


def test_nothing_else_is_open_unless_an_origin_is_named() -> None:
    open_ones = {
        (path, method)
        for path, methods in PATHS.items()
        for method, told in methods.items()
        if not told.get("security")
    }
    assert open_ones == {(route.path, route.method.lower()) for route in ROUTES if route.open}
    preflight = paths(ApiOrigin="https://example.org")["/v1/{proxy+}"]["options"]
    assert preflight["x-amazon-apigateway-integration"]["type"] == "mock", "it runs nothing"


def test_a_key_or_a_signature_is_asked_for() -> None:
    assert asked(PATHS) == [{"key": []}]
    assert asked(paths(Api="iam")) == [{"iam": []}]
    signed = [method["security"] for path in paths(Api="iam").values() for method in path.values()]
    assert signed == [[{"iam": []}]] * 5, "no path is open, as China wants it; the page cannot sign"


def test_sam_local_finds_every_route() -> None:
    from samcli.lib.providers.api_provider import ApiProvider  # type: ignore[import-untyped] # it ships no types
    from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider  # type: ignore[import-untyped] # as above

    stacks, _ = SamLocalStackProvider.get_stacks(str(ROOT / "template.yaml"))
    found = {(route.path, method) for route in ApiProvider(stacks).api.routes for method in route.methods}
    assert found >= {(path, "GET") for path in PATHS}


def asked(there: dict[str, dict[str, Any]]) -> Any:
    return there["/v1/{proxy+}"]["x-amazon-apigateway-any-method"]["security"]


def test_an_updated_stack_asks_for_what_it_asked_for() -> None:
    assert asked(paths(ApiAuth="iam")) == [{"iam": []}]
    assert asked(paths(ApiAuth="key")) == [{"key": []}]
    assert "RestApi" not in Rendering(ApiAuth="iam", Api="none").resources
    assert "ApiKey" not in Rendering(ApiAuth="iam").resources


TOKENS = {"Api": "jwt", "Issuer": "https://login.example.org/realm", "Audience": "folio,archive"}


def test_tokens_are_checked_by_api_gateway_for_every_call() -> None:
    rendering = Rendering(**TOKENS)
    (authorizer,) = rendering.of_type("AWS::ApiGatewayV2::Authorizer").values()
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert authorizer["JwtConfiguration"] == {"Issuer": TOKENS["Issuer"], "Audience": ["folio", "archive"]}
    routes = {route["RouteKey"]: route for route in rendering.of_type("AWS::ApiGatewayV2::Route").values()}
    calls = routes.pop("ANY /v1/{proxy+}")
    assert (calls["AuthorizationType"], calls["AuthorizerId"]) == ("JWT", "${HttpApiTokens}")
    assert set(routes) == {f"{route.method} {route.path}" for route in ROUTES if route.open}, "the page, and no call"
    assert {route["Target"] for route in [calls, *routes.values()]} == {"integrations/${HttpApiIntegration}"}
    assert not any("AuthorizationType" in route for route in routes.values()), "a browser has no token before the page"
    (integration,) = rendering.of_type("AWS::ApiGatewayV2::Integration").values()
    assert integration["PayloadFormatVersion"] == "1.0", "what the handler reads"
    assert integration["TimeoutInMillis"] == 1000 * RESOURCES["ApiFunction"]["Properties"]["Timeout"]
    (stage,) = rendering.of_type("AWS::ApiGatewayV2::Stage").values()
    assert (stage["StageName"], stage["DefaultRouteSettings"]["ThrottlingRateLimit"]) == ("$default", 20)
    assert stage["RouteSettings"].keys() < routes.keys()
    assert rendering.outputs["ApiUrl"]["Value"] == "https://${HttpApi}.execute-api.us-east-1.amazonaws.com/"


def test_one_kind_of_api_is_made() -> None:
    tokens = Rendering(**TOKENS).resources
    assert not {"RestApi", "ApiPermission", "ApiKey", "ApiPlan", "ApiPlanKey", "ApiFirewall", "ApiAccessLogs"} & set(
        tokens
    )
    assert {"ApiFunction", "ApiRole", "ApiAlarm", "HttpApiPermission"} <= set(tokens)
    for api in ("key", "iam", "none"):
        assert not [name for name in Rendering(Api=api).resources if name.startswith("HttpApi")]


@pytest.mark.parametrize(
    "parameters",
    [
        {"Issuer": ""}, {"Audience": ""}, {"Issuer": "http://login.example.org"}, {"ApiCidrs": "203.0.113.0/24"},
        {"ApiQuota": "9"}, {"ApiAccessLog": "on"},
        {"ApiWebAcl": "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/0a1b2c3d-0000-4000-8000-000000000000"},
    ],
)  # fmt: skip
def test_what_would_be_overlooked_with_tokens_is_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(Refused):
        Rendering(**(TOKENS | parameters))


def test_without_an_api_nothing_of_it_is_left() -> None:
    rendering = Rendering(Api="none", ApiAccessLog="set-role")
    assert not [name for name in rendering.resources if name.startswith(("Api", "RestApi", "HttpApi"))]
    assert not [name for name in rendering.outputs if name.startswith("Api")]
    assert "Api" not in rendering.text().replace("ApiGateway", "")
    assert "apigateway" not in rendering.text().lower()


@pytest.mark.parametrize("region", ["cn-north-1", "cn-northwest-1"])
def test_in_china_calls_are_signed_or_the_account_has_a_license(region: str) -> None:
    with pytest.raises(Refused, match="IcpLicense=yes"):
        Rendering(region)
    assert Rendering(region, IcpLicense="yes").holds("CallsByKey")
    assert Rendering(region, Api="iam").holds("HasApi")
    assert Rendering(region, ApiAuth="iam").holds("HasApi")
    assert not Rendering(region, Api="none").holds("HasApi")


def test_there_is_one_stage_and_the_accounts_role_for_logs_is_left_alone() -> None:
    made = translated()["Resources"]
    (stage,) = [part["Properties"] for part in made.values() if part["Type"] == "AWS::ApiGateway::Stage"]
    assert stage["StageName"] == "prod"
    (deployment,) = [part["Properties"] for part in made.values() if part["Type"] == "AWS::ApiGateway::Deployment"]
    assert "StageName" not in deployment
    assert PARAMETERS["ApiAccessLog"]["Default"] == "none"
    condition, _, otherwise = stage["AccessLogSetting"]["Fn::If"]
    assert (condition, otherwise) == ("LogsAccess", {"Ref": "AWS::NoValue"})
    assert made["ApiGatewayAccount"]["Condition"] == made["ApiLogRoleOfAccount"]["Condition"] == "SetsLogRole"


def test_the_pages_files_have_a_limit_of_their_own() -> None:
    """API Gateway's limits of one method are beside those of the others, and the page's files are asked for at once."""
    everything, assets = API["MethodSettings"]
    assert everything["ResourcePath"] == "/*"
    assert assets["ResourcePath"] == "/" + "/assets/{name}".replace("/", "~1")
    assert "/assets/{name}" in PATHS
    assert assets["ThrottlingBurstLimit"] >= 2 * len(set(re.findall(r'"assets/', INDEX)))


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_the_gateways_own_refusals_are_problem_documents(name: str) -> None:
    refusal = REFUSALS[name]
    (text,) = refusal["ResponseTemplates"].values()
    problem = decode(text.encode(), ProblemDocument)
    assert problem.request_id == "$context.requestId"
    assert str(problem.status) == str(refusal["StatusCode"])
    assert problem.status in ERRORS
    assert refusal["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
    kind = "".join(word.capitalize() for word in problem.title.split())
    told = problem_of_report(Problem(kind, problem.detail, problem.hint))
    assert problem.type == told.type, "one of the tree"
    assert (problem.status in (429, 503)) == ("Retry-After" in refusal["ResponseParameters"]["Headers"])


def test_where_the_accounts_concurrency_is_used_up_a_caller_is_told_so_and_when_to_try_again() -> None:
    refusal = REFUSALS["API_CONFIGURATION_ERROR"]
    (text,) = refusal["ResponseTemplates"].values()
    problem = decode(text.encode(), ProblemDocument)
    assert (refusal["StatusCode"], problem.status) == (503, 503)
    assert "concurrency" in problem.detail
    assert "MaxConcurrency" in problem.hint
    assert int(refusal["ResponseParameters"]["Headers"]["Retry-After"].strip("'")) > 0


def test_every_text_that_api_gateway_fills_in_is_one_of_its_variables() -> None:
    text = json.dumps(REFUSALS)
    known = ("requestId", "error.responseType")
    rest = text.replace("context.requestId", "")
    for name in known:
        rest = rest.replace(f"$context.{name}", "")
    assert "$context" not in rest


def test_the_function_has_as_long_as_the_gateway_waits() -> None:
    function = RESOURCES["ApiFunction"]["Properties"]
    assert function["Timeout"] == 29
    assert callable(load_handler(function["Handler"]))


def test_the_function_may_do_what_it_needs_and_no_more() -> None:
    told = list(statements("ApiRole"))
    assert {action for statement in told for action in actions(statement)} == {
        "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket",
        "s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject",
        "secretsmanager:GetSecretValue", "ssm:GetParameter", "kms:Decrypt", "kms:GenerateDataKey",
        "logs:CreateLogStream", "logs:PutLogEvents",
        "states:ListExecutions", "states:StopExecution",
        "xray:PutTraceSegments", "xray:PutTelemetryRecords",
    }  # fmt: skip
    some = [statement for statement in told if statement["Sid"] != "WriteTraces"]
    assert all(referred(resource) for statement in some for resource in listed(statement["Resource"]))
    by_name = {statement["Sid"]: statement for statement in Rendering(ApiSourceBucket="others").statements("ApiRole")}
    assert by_name["PutJobs"]["Resource"] == f"${{InputBucket.Arn}}/{keys.JOBS}*"
    assert by_name["DropJobs"]["Resource"] == f"${{InputBucket.Arn}}/{keys.JOBS}*"
    writing = {name: part for name, part in by_name.items() if "s3:PutObject" in listed(part["Action"])}
    places = {place for name, part in writing.items() if name != "PutJobs" for place in listed(part["Resource"])}
    suffixes = (keys.RESULT, keys.ERROR, f"{keys.FOLDER}*")
    assert places == {
        f"{bucket}/*{end}" for bucket in ("${InputBucket.Arn}", "arn:aws:s3:::others") for end in suffixes
    }


def test_a_job_is_read_as_any_upload_and_its_record_is_not() -> None:
    assert let_through(keys.job_key("owner", "id", "a.pdf"))
    for ours in (keys.job_record("owner", "id"), keys.given_up(keys.job_key("owner", "id", "a.pdf"))):
        assert not let_through(ours)


def test_jobs_do_not_stay_for_ever() -> None:
    rules = RESOURCES["InputBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (rule,) = [rule for rule in rules if rule["Id"] == "jobs"]
    assert rule["Prefix"] == keys.JOBS
    assert rule["ExpirationInDays"] == {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "JobDays"]}


def test_the_router_knows_no_two_routes_for_one_address() -> None:
    for route in ROUTES:
        concrete = route.path.replace("{", "").replace("}", "")
        same = [one for one in ROUTES if pattern(one.path).fullmatch(concrete) and one.method == route.method]
        assert same == [route]

"""Keys out of AWS, by the ARN of a secret or of a parameter, from an AWS on loopback."""

import json
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities import parameters
from moto.server import ThreadedMotoServer

from folio.config.settings import Settings
from folio.errors import CredentialsMissing
from folio.providers.cloud.baidu import Baidu
from folio.providers.cloud.credentials import CredentialsSource
from folio.providers.registry import declarations

SECRET = "s3cr3t-and-long"
PAID = {name: declared for name, declared in declarations().items() if declared.paid}
ID, KEY = PAID["baidu"].keys
GOOD = {ID: "first", KEY: SECRET}
REGION = "eu-central-1"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def aws(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever asks AWS asks the one on loopback, and nobody has asked yet."""
    for declared in PAID.values():
        for name in (*declared.keys, *declared.temporary_keys):
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    parameters.clear_caches()  # type: ignore[no-untyped-call]
    yield
    parameters.clear_caches()  # type: ignore[no-untyped-call]


class Kept:
    """A value in AWS, and its ARN."""

    def __init__(self, arn: str, change: Callable[[str], Any]) -> None:
        self.arn = arn
        self.change = change


def in_secrets_manager(text: str, name: str) -> Kept:
    client = boto3.client("secretsmanager")
    arn = client.create_secret(Name=name, SecretString=text)["ARN"]
    return Kept(arn, lambda text: client.put_secret_value(SecretId=arn, SecretString=text))


def in_parameter_store(text: str, name: str) -> Kept:
    client = boto3.client("ssm")

    def put(text: str) -> None:
        client.put_parameter(Name=f"/{name}", Value=text, Type="SecureString", Overwrite=True)

    put(text)
    return Kept(client.get_parameter(Name=f"/{name}")["Parameter"]["ARN"], put)


@pytest.fixture(params=[in_secrets_manager, in_parameter_store], ids=["secret", "parameter"])
def keep(request: pytest.FixtureRequest) -> Callable[[str], Kept]:
    name = "".join(sign if sign.isalnum() else "-" for sign in request.node.name)[-60:]
    return lambda text: request.param(text, name)


def source(arn: str, provider: str = "baidu") -> CredentialsSource:
    return CredentialsSource(PAID[provider], Settings(credentials=arn))


def test_keys_lie_under_the_names_of_the_environment_variables(keep: Callable[[str], Kept]) -> None:
    every = {name: f"{name}-value" for one in PAID.values() for name in (*one.keys, *one.temporary_keys)}
    arn = keep(json.dumps(every | {"SOMETHING_ELSE": "x"})).arn
    for provider, declared in PAID.items():
        keys = source(arn, provider).get()
        names = (*declared.keys, *declared.temporary_keys)
        assert dict(keys.values) == {name: f"{name}-value" for name in names}


def test_keys_are_fetched_once_for_a_while_and_again_when_they_were_refused(keep: Callable[[str], Kept]) -> None:
    kept = keep(json.dumps(GOOD))
    keys = source(kept.arn).get()
    assert keys[ID] == "first"
    kept.change(json.dumps(GOOD | {ID: "second"}))
    assert source(kept.arn).get() == keys
    assert source(kept.arn).rotated(keys)
    renewed = source(kept.arn).get()
    assert renewed[ID] == "second"
    assert not source(kept.arn).rotated(renewed)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{SECRET}", "is no JSON object"),
        (f'{{"{ID}": "{SECRET}", ', "is no JSON object"),
        (json.dumps([SECRET]), "is no JSON object"),
        (json.dumps(SECRET), "is no JSON object"),
        ("5", "is no JSON object"),
        ("null", "is no JSON object"),
        (json.dumps({ID: SECRET}), f"needs {KEY}"),
        (json.dumps({ID: SECRET, KEY: "  "}), f"needs {KEY}"),
        (json.dumps({ID: SECRET, KEY: None}), f"needs {KEY}"),
        (json.dumps({"other": SECRET}), f"needs {ID}, {KEY}"),
    ],
)
def test_a_secret_of_another_form_is_missing_and_not_quoted(keep: Callable[[str], Kept], text: str, says: str) -> None:
    arn = keep(text).arn
    with pytest.raises(CredentialsMissing, match=says) as raised:
        source(arn).get()
    require_silence(raised.value)
    status = Baidu(Settings(credentials=arn)).status()
    assert not status.usable
    assert status.missing
    assert SECRET not in repr(status)


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:secretsmanager:{REGION}:123456789012:secret:nobody-AbCdEf",
        f"arn:aws:ssm:{REGION}:123456789012:parameter/nobody",
        "arn:aws:secretsmanager:x",
        "no arn",
    ],
)
def test_a_secret_that_is_not_there_is_missing(arn: str) -> None:
    with pytest.raises(CredentialsMissing, match="cannot be fetched"):
        source(arn).get()
    assert source(arn).missing() == ("a readable secret at FOLIO_CREDENTIALS",)
    assert not Baidu(Settings(credentials=arn)).status().usable


def test_keys_that_cannot_be_fetched_again_were_not_rotated(keep: Callable[[str], Kept], endpoint: str) -> None:
    """The refusal of the old keys is what the operator must hear of, whatever else is wrong."""
    kept = keep(json.dumps(GOOD))
    keys = source(kept.arn).get()
    kept.change("no json")
    assert not source(kept.arn).rotated(keys)


def test_without_a_region_keys_are_missing_and_a_status_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    boto3.setup_default_session()
    arn = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:nobody-AbCdEf"
    with pytest.raises(CredentialsMissing):
        source(arn).get()
    assert not Baidu(Settings(credentials=arn)).status().usable


def test_a_secret_is_not_in_an_error_raised_beside_it(keep: Callable[[str], Kept]) -> None:
    keys = source(keep(json.dumps(GOOD)).arn).get()
    with pytest.raises(KeyError) as raised:
        keys["another"]
    require_silence(raised.value)


def require_silence(error: BaseException) -> None:
    chain: BaseException | None = error
    while chain:
        assert SECRET not in f"{chain} {chain!r}"
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    assert SECRET not in "".join(traceback.format_exception(error))

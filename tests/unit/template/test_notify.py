"""What became of documents, told to an address."""

import pytest

from handlers import announce
from tests.support.aws.rendered import Refused, Rendering

URL = "https://hooks.example.org:8443/folio?team=a"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:hooks/folio-AbCdEf"
PARTS = {"NotifyConnection", "NotifyDestination", "NotifyRule", "NotifyRole", "NotifyDeadLetters", "NotifyAlarm"}


def test_nobody_is_told_unless_an_address_is_given() -> None:
    assert not [name for name in Rendering().resources if name.startswith("Notify")]
    assert set(Rendering(NotifyUrl=URL, NotifySecret=SECRET).resources) >= PARTS


def test_the_address_is_called_with_the_secret_in_a_header() -> None:
    rendering = Rendering(NotifyUrl=URL, NotifySecret=SECRET)
    connection = rendering.resources["NotifyConnection"]["Properties"]
    assert connection["AuthorizationType"] == "API_KEY"
    assert connection["AuthParameters"]["ApiKeyAuthParameters"] == {
        "ApiKeyName": "X-Folio-Key",
        "ApiKeyValue": f"{{{{resolve:secretsmanager:{SECRET}}}}}",
    }
    destination = rendering.resources["NotifyDestination"]["Properties"]
    assert (destination["HttpMethod"], destination["InvocationEndpoint"]) == ("POST", URL)
    assert destination["ConnectionArn"] == "${NotifyConnection.Arn}"


@pytest.mark.parametrize(
    "url", ["http://hooks.example.org/", "https://", "https://a b/", "hooks.example.org", "https://x/#a"]
)
def test_only_addresses_with_tls_are_taken(url: str) -> None:
    with pytest.raises(Refused, match="https://"):
        Rendering(NotifyUrl=url, NotifySecret=SECRET)


def test_an_address_that_cannot_know_who_calls_is_refused() -> None:
    with pytest.raises(Refused, match="NotifySecret"):
        Rendering(NotifyUrl=URL)


def test_in_govcloud_it_is_refused_before_anything_is_made() -> None:
    with pytest.raises(Refused, match="GovCloud"):
        Rendering("us-gov-west-1", NotifyUrl=URL, NotifySecret=SECRET)
    assert Rendering("us-gov-west-1")
    assert Rendering("cn-north-1", Api="iam", NotifyUrl=URL, NotifySecret=SECRET).holds("Notifies")


def test_what_cannot_be_delivered_is_tried_for_a_day_and_kept() -> None:
    rendering = Rendering(NotifyUrl=URL, NotifySecret=SECRET)
    rule = rendering.resources["NotifyRule"]["Properties"]
    assert rule["EventBusName"] == "${ResultBus}"
    assert rule["EventPattern"] == {"source": [announce.SOURCE]}
    (target,) = rule["Targets"]
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    assert target["DeadLetterConfig"] == {"Arn": "${NotifyDeadLetters.Arn}"}
    queue = rendering.resources["NotifyDeadLetters"]["Properties"]
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    (role,) = rendering.resources["NotifyRole"]["Properties"]["Policies"]
    (statement,) = role["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("events:InvokeApiDestination", "${NotifyDestination.Arn}")
    assert target["RoleArn"] == "${NotifyRole.Arn}"


def test_its_dead_letters_are_not_those_that_are_sent_to_be_read() -> None:
    rendering = Rendering(NotifyUrl=URL, NotifySecret=SECRET)
    assert rendering.outputs["DeadLetterQueueUrl"]["Value"] == "${DeadLetterQueue}"
    assert rendering.outputs["NotifyDeadLetterQueueUrl"]["Value"] == "${NotifyDeadLetters}"

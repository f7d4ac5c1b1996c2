"""The deployed template: an upload goes through rule, queue and function to its result."""

import io
import json
from typing import Any

import pytest
from PIL import Image

from folio import keys
from folio.models import Result, decode
from folio.wiring import s3_store
from handlers import visibility
from tests.support.aws.deployed import Deployed, known_to_moto, translated
from tests.support.aws.template import RESOURCES
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

KEY = "scans/扫 描+1.pdf"
GOOD = make_pdf(PdfPage(picture=words("Larkfield")))
# What moto's CloudFormation does not know. The rest is deployed.
UNKNOWN = {
    "AWS::WAFv2::WebACLAssociation",
    "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Lambda::Alias", "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy",
}  # fmt: skip


@pytest.mark.slow("it loads SAM's translator and all of moto")
def test_what_moto_does_not_know_is_little() -> None:
    types = known_to_moto(translated())[1]
    assert {kind for kind in types if not kind.startswith("AWS::ApiGateway")} == UNKNOWN


def test_every_resource_of_ours_becomes_one_of_awss() -> None:
    template = translated()
    assert not [part["Type"] for part in template["Resources"].values() if "Serverless" in part["Type"]]
    kept = {name for name, part in RESOURCES.items() if not part["Type"].startswith("AWS::Serverless")}
    assert kept <= set(template["Resources"])
    assert "Transform" not in template or template["Transform"] != "AWS::Serverless-2016-10-31"


def test_an_upload_is_read_and_its_result_starts_nothing(deployed: Deployed) -> None:
    deployed.put(KEY, GOOD)
    assert deployed.waiting() == 1
    assert deployed.drain() == 1
    assert deployed.keys() == sorted([KEY, keys.result_key(KEY)])
    result = decode(deployed.body(keys.result_key(KEY)), Result)
    assert (result.status, result.text) == ("complete", "Larkfield")
    assert result.source.version is not None, "the bucket keeps versions"
    assert deployed.waiting() == 0, "the rule lets no result through"


def test_a_replaced_document_is_read_again(deployed: Deployed) -> None:
    for word in ("Larkfield", "Oakham"):
        deployed.put(KEY, make_pdf(PdfPage(picture=words(word))))
        deployed.drain()
    assert decode(deployed.body(keys.result_key(KEY)), Result).text == "Oakham"


def test_what_fails_to_the_end_goes_to_the_dead_letter_queue(deployed: Deployed) -> None:
    deployed.put(KEY, GOOD)
    assert deployed.drain(seconds=5) == 5, "of which 10 seconds are kept to stop in order"
    assert deployed.keys() == [KEY]
    assert (deployed.waiting(), deployed.waiting("DeadLetterQueueUrl")) == (0, 1)


def test_what_may_pass_is_tried_again_after_a_minute(deployed: Deployed) -> None:
    times = []
    deployed.put(KEY, GOOD)
    events = visibility._client().meta.events
    events.register(
        "provide-client-params.sqs.ChangeMessageVisibility",
        lambda params, **_: times.append((params["QueueUrl"], params["VisibilityTimeout"])),
    )
    (message,) = deployed.receive(1)
    deployed.deliver([message], seconds=5)
    queue = deployed.outputs["QueueUrl"]
    assert times == [(queue, 64), (queue, 60)], "should its function be killed, a minute after its end"
    deployed.drain()
    assert len(times) == 3, "of a document that was read, only the time it takes"
    assert deployed.waiting() == 0


def test_what_is_denied_while_a_stack_is_updated_is_tried_again_within_minutes(
    deployed: Deployed,
) -> None:
    times = []
    deployed.put(KEY, GOOD)
    visibility._client().meta.events.register(
        "provide-client-params.sqs.ChangeMessageVisibility",
        lambda params, **_: times.append(params["VisibilityTimeout"]),
    )
    denied: Any = (type("Denied", (), {"status_code": 403})(), {"Error": {"Code": "AccessDenied", "Message": ""}})
    deny: Any = lambda **_: denied  # noqa: E731 (a hook that returns is an answer)
    s3 = s3_store(deployed.bucket)._client.meta.events
    s3.register("before-call.s3", deny)
    for _ in range(4):
        deployed.deliver(deployed.receive(1))
    s3.unregister("before-call.s3", deny)
    assert times[1::2] == [60, 120, 240, 480]
    deployed.drain()
    assert decode(deployed.body(keys.result_key(KEY)), Result).status == "complete"


def test_the_function_gets_what_it_needs(deployed: Deployed) -> None:
    variables = deployed.function["Environment"]["Variables"]
    assert variables["FOLIO_EVENT_BUS"] == deployed.outputs["EventBusName"]
    assert deployed.source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert deployed.function["Timeout"] == 900


def test_a_picture_is_read_with_the_options_it_was_uploaded_with(deployed: Deployed) -> None:
    file = io.BytesIO()
    Image.new("L", (40, 20), 255).save(file, "PNG")
    deployed.put("blank.png", file.getvalue(), recipe="none")
    deployed.drain()
    assert json.loads(deployed.body("blank.png.ocr.json"))["pages"][0]["origin"] == "blank"

"""A stack's parameters, as CloudFormation or the CDK's construct tells them."""

from typing import Any

import pytest

from folio.errors import Misconfigured
from folio.ops.stack import parameters_of


def description(value: str) -> Any:
    return {
        "Parameters": [{"ParameterKey": "Api", "ParameterValue": "key"}, {"ParameterKey": "Secret"}],
        "Outputs": [{"OutputKey": "FolioParameters", "OutputValue": value}],
    }


def test_what_the_cdk_made_values_is_there_beside_what_is_a_parameter_still() -> None:
    existing = "arn:aws:s3:::scans"
    told = parameters_of(description(f'{{"ExistingBucket": "{existing}"}}'))
    assert told == {"Api": "key", "Secret": "", "ExistingBucket": existing}


@pytest.mark.parametrize("value", ["", "[]", '{"Stage": 1}'])
def test_another_output_of_that_name_is_told(value: str) -> None:
    with pytest.raises(Misconfigured):
        parameters_of(description(value))

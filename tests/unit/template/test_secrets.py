"""Functions whose role has no secret where only free engines read: a document that breaks into one finds none."""

from tests.support.aws.rendered import Rendering
from tests.support.aws.template import actions, of_type

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:folio-abcdef"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
SECRETS = ("secretsmanager:GetSecretValue", "ssm:GetParameter", "kms:Decrypt")


def roles_with_secrets(rendering: Rendering) -> set[str]:
    return {
        role
        for role in of_type("AWS::IAM::Role")
        for statement in rendering.statements(role)
        if set(actions(statement)) & set(SECRETS)
    }


def test_without_credentials_no_role_reads_a_secret_and_no_variable_names_one() -> None:
    free = Rendering()
    assert roles_with_secrets(free) == set()
    assert "FOLIO_CREDENTIALS" not in free.text() or '"FOLIO_CREDENTIALS": ""' in free.text()


def test_with_credentials_the_functions_that_read_pages_do() -> None:
    assert roles_with_secrets(Rendering(Credentials=SECRET, CredentialsKey=KEY)) != set()
    assert SECRET in Rendering(Credentials=SECRET).text()

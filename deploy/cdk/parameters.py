"""The template's parameters; docs/deploying.md and template.yaml say what they do. Written by `make generate`."""

from typing import Literal, TypedDict


class Parameters(TypedDict, total=False):
    """Those that are not given keep their defaults."""

    Stage: Literal["dev", "prod"]
    Languages: str
    AlarmEmail: str
    MaxConcurrency: int
    Providers: str
    Credentials: str
    CredentialsKey: str
    Settings: str
    InputBucketName: str
    ExistingBucket: str
    SourcePrefix: str
    SourceSuffix: str
    ResultBucket: str
    ResultPrefix: str
    MemorySize: int
    EphemeralStorage: int
    FunctionTimeout: Literal["60", "120", "300", "600", "900"]
    SnapStart: Literal["PublishedVersions", "None"]
    Api: Literal["none", "key", "iam", "jwt"]
    ApiAuth: Literal["", "key", "iam"]
    Issuer: str
    Audience: str
    IcpLicense: Literal["no", "yes"]
    ApiOrigin: str
    ApiSourceBucket: str
    ApiAccessLog: Literal["none", "on", "set-role"]
    ApiQuota: int
    ApiQuotaPeriod: Literal["DAY", "WEEK", "MONTH"]
    ApiCidrs: str
    ApiWebAcl: str
    NotifyUrl: str
    NotifySecret: str
    TextractHookBucket: str
    TextractHookKey: str
    PermissionsBoundary: str
    KmsKey: str
    SourceKmsKeys: list[str]
    SubnetIds: list[str]
    SecurityGroupIds: list[str]
    LogDays: int

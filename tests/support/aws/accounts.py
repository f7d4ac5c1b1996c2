"""What an account has around a stack: keys of its own, and a network."""

import json
from typing import Any

import boto3
from moto.cloudformation.models import cloudformation_backends

from tests.support.aws.deployed import Deployed


def own_key(principals: dict[str, Any]) -> str:
    """A key that the stack knows, and whose policy lets in these alone."""
    statement = {"Effect": "Allow", "Principal": principals, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    key = boto3.client("kms").create_key(Policy=policy)["KeyMetadata"]
    # moto 5.2 does not tell of parameters that an update changes.
    stacks: Any = cloudformation_backends["123456789012"]["us-east-1"]
    stacks.get_stack("folio").resource_map.resolved_parameters["SourceKmsKeys"] = key["Arn"]
    return str(key["Arn"])


def encrypt(stack: Deployed, bucket: str, key: str) -> None:
    rule: Any = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    stack.s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})


def in_network(*services: str, out: bool = False) -> None:
    """All functions in a network of their own, with these endpoints, or with a way to the internet."""
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    (table,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    for service in services:
        name = f"com.amazonaws.us-east-1.{service}"
        if service == "s3":
            ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=name, RouteTableIds=[table["RouteTableId"]])
        else:
            ec2.create_vpc_endpoint(
                VpcId=vpc, ServiceName=name, VpcEndpointType="Interface", SubnetIds=[subnet], PrivateDnsEnabled=True
            )
    if out:
        gateway = ec2.create_nat_gateway(SubnetId=subnet)["NatGateway"]["NatGatewayId"]
        ec2.create_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    functions = boto3.client("lambda")
    for function in functions.list_functions()["Functions"]:
        functions.update_function_configuration(
            FunctionName=function["FunctionName"], VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": [group]}
        )

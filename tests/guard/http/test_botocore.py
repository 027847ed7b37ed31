import re

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from soulguard.errors import InDoubtError


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def client(service, world, path, **options):
    config = Config(
        retries={"total_max_attempts": options.pop("tries", 1)}, read_timeout=2,
        request_checksum_calculation="when_required", **options,
    )  # fmt: skip
    session = boto3.session.Session()
    return session.client(service, endpoint_url=world.url + path, config=config)


def put(world, body=b"content"):
    s3 = client("s3", world, "/empty", s3={"addressing_style": "path"})
    try:
        return s3.put_object(Bucket="bucket", Key="key", Body=body)
    except (BotoCoreError, ClientError) as error:
        return str(error)


def run_task(world, path="/plain/ecs", tries=1):
    ecs = client("ecs", world, path, tries=tries)
    return ecs.run_task(taskDefinition="t")["ResponseMetadata"]["HTTPStatusCode"]


def tokens(world):
    return [
        re.search(rb'"clientToken": ?"([^"]+)"', b).group(1) for *_, b in world.seen
    ]


def test_s3_waits_for_no_continue_and_its_body_arrives_whole(stage, world):
    first = put(world)
    assert not isinstance(first, str), first
    assert first["ResponseMetadata"]["HTTPStatusCode"] == 200
    (_, _, headers, body) = world.seen[0]
    assert (headers["Expect"], body) == ("100-continue", b"content")
    assert "Idempotency-Key" not in headers  # it is signed
    stage.restart()
    assert put(world)["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert world.total() == 1


def test_a_token_is_the_same_after_a_restart(stage, world):
    assert run_task(world) == 200
    (first,) = tokens(world)
    stage.restart()
    assert run_task(world) == 200
    assert world.total() == 1
    assert stage.effects()[0].key == ""
    assert first.decode().count("-") == 4


def test_a_second_equal_request_has_a_token_of_its_own(stage, world):
    run_task(world)
    run_task(world)
    assert len(set(tokens(world))) == 2
    stage.restart()
    run_task(world)
    run_task(world)
    assert world.total() == 2


def test_its_own_retry_keeps_the_token(stage, world):
    assert run_task(world, "/first/429/ecs", tries=3) == 200
    assert len(tokens(world)) == 2
    assert len(set(tokens(world))) == 1
    assert len(stage.effects()) == 1


def test_what_may_have_happened_is_held_where_the_service_is_unknown(stage, world):
    with pytest.raises((BotoCoreError, InDoubtError)):
        run_task(world, "/lost/ecs", tries=2)
    assert world.total() == 1

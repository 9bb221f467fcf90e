import json

from spaces import schema
from tests.infra.templates import Resource, Template

TABLE = "AWS::DynamoDB::GlobalTable"
BUCKET = "AWS::S3::Bucket"


def test_tables_are_on_demand_and_forget_what_has_expired(prod: Template) -> None:
    tables = prod.properties(TABLE)

    assert len(tables) == 3
    for table in tables:
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["TimeToLiveSpecification"] == {
            "AttributeName": schema.EXPIRES_AT,
            "Enabled": True,
        }


def test_keys_and_indexes_are_those_of_the_schema(prod: Template) -> None:
    keys = {
        (
            tuple(key["AttributeName"] for key in table["KeySchema"]),
            *(
                (
                    index["IndexName"],
                    index["Projection"]["ProjectionType"],
                    *(key["AttributeName"] for key in index["KeySchema"]),
                )
                for index in table.get("GlobalSecondaryIndexes", [])
            ),
        )
        for table in prod.properties(TABLE)
    }

    assert keys == {
        (
            (schema.SPACE_ID, schema.RECORD),
            (schema.PUBLIC_SPACES_INDEX, "ALL", schema.LISTED, schema.SPACE_ID),
        ),
        ((schema.CONNECTION_ID,),),
        (
            (schema.SPACE_ID, schema.TICKET),
            (schema.REQUESTS_BY_OWNER_INDEX, "KEYS_ONLY", schema.OWNER, schema.CREATED_AT),
        ),
    }


def test_production_keeps_tables_and_files_and_can_restore_them(prod: Template) -> None:
    kept = [*prod.of_type(TABLE).values(), _files_bucket(prod)]

    assert {each["DeletionPolicy"] for each in kept} == {"Retain"}
    for table in prod.properties(TABLE):
        (replica,) = table["Replicas"]
        assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert replica["DeletionProtectionEnabled"] is True


def test_what_belongs_to_kept_files_and_people_is_kept_with_them(prod: Template) -> None:
    """A bucket without its policy accepts requests without TLS; a pool without the rest, nobody."""
    kept = [
        *prod.of_type("AWS::Cognito::UserPoolGroup").values(),
        *prod.of_type("AWS::Cognito::UserPoolDomain").values(),
        *(
            policy
            for policy in prod.of_type("AWS::S3::BucketPolicy").values()
            if policy["Properties"]["Bucket"]["Ref"].startswith("Files")
        ),
    ]

    assert len(kept) == 3
    assert {each.get("DeletionPolicy") for each in kept} == {"Retain"}
    assert {each.get("UpdateReplacePolicy") for each in kept} == {"Retain"}


def test_production_keeps_its_whole_data_stack(prod: Template) -> None:
    (data,) = (file for file in prod.files if "data" in file.name)
    resources = json.loads(data.read_text("utf-8"))["Resources"]

    gone = [id_ for id_, each in resources.items() if each.get("DeletionPolicy") != "Retain"]
    assert gone == []


def test_development_leaves_nothing_behind(dev: Template) -> None:
    stored = [*dev.of_type(TABLE).values(), *dev.of_type(BUCKET).values()]

    assert {each["DeletionPolicy"] for each in stored} == {"Delete"}
    assert len(dev.of_type("Custom::S3AutoDeleteObjects")) == len(dev.of_type(BUCKET))


def test_nothing_with_state_has_a_name_of_its_own(prod: Template) -> None:
    for properties in prod.properties(TABLE) + prod.properties(BUCKET):
        assert not {"TableName", "BucketName"} & properties.keys()


def test_buckets_are_private_and_over_tls_only(prod: Template) -> None:
    for bucket in prod.properties(BUCKET):
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    for policy in prod.properties("AWS::S3::BucketPolicy"):
        statements = policy["PolicyDocument"]["Statement"]
        assert any(
            statement["Effect"] == "Deny"
            and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            for statement in statements
        )


def test_files_outlive_their_requests_by_a_day_and_covers_stay(prod: Template) -> None:
    rules = _files_bucket(prod)["Properties"]["LifecycleConfiguration"]["Rules"]

    expire = {rule.get("Prefix"): rule["ExpirationInDays"] for rule in rules if "Prefix" in rule}
    assert expire == {"uploads/": 8, "inputs/": 8, "outputs/": 8, "results/": 8}
    assert not [rule for rule in rules if "ExpirationInDays" in rule and "Prefix" not in rule]


def test_parts_of_a_file_that_never_became_whole_are_gone_after_a_day(prod: Template) -> None:
    rules = _files_bucket(prod)["Properties"]["LifecycleConfiguration"]["Rules"]

    (rule,) = [each for each in rules if "AbortIncompleteMultipartUpload" in each]
    assert rule == {
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        "Status": "Enabled",
    }


def test_only_presigned_addresses_are_open_to_pages(prod: Template) -> None:
    (rule,) = _files_bucket(prod)["Properties"]["CorsConfiguration"]["CorsRules"]

    assert (rule["AllowedOrigins"], sorted(rule["AllowedMethods"])) == (
        ["*"],
        ["GET", "HEAD", "POST", "PUT"],
    )
    assert "ExposedHeaders" not in rule
    others = [bucket for bucket in prod.properties(BUCKET) if "CorsConfiguration" not in bucket]
    assert len(others) == len(prod.properties(BUCKET)) - 1


def _files_bucket(template: Template) -> Resource:
    return next(each for id_, each in template.of_type(BUCKET).items() if id_.startswith("Files"))

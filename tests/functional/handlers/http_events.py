"""Events of API Gateway's HTTP API, payload format 2.0."""

import json

from spaces.http_routes import route_key_of


def http_event(
    method,
    path,
    body=None,
    *,
    headers=None,
    query=None,
    claims=None,
    source="192.0.2.1",
    route_key=None,
):
    route_key = route_key or route_key_of(method, path) or "$default"
    context = {
        "http": {"method": method, "path": path, "sourceIp": source},
        "requestId": "id-to-quote",
        "stage": "$default",
        "routeKey": route_key,
    }
    if claims is not None:
        context["authorizer"] = {"jwt": {"claims": claims, "scopes": ["openid"]}}
    return {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": "",
        "queryStringParameters": query or {},
        "headers": {"content-type": "application/json", **(headers or {})},
        "requestContext": context,
        "body": body if isinstance(body, str | None) else json.dumps(body),
        "isBase64Encoded": False,
    }


def body_of(answer):
    return json.loads(answer["body"]) if answer.get("body") else None


ADA = {"sub": "sub-0", "username": "ada", "cognito:groups": "[admins]"}
ULLA = {"sub": "sub-1", "username": "ulla"}

"""An adapter for lambda-parallel-router: one invocation answers a batch, each item by its id (docs/protocol.md)."""

import base64
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor

logger = logging.getLogger(__name__)

HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
FAILED = {
    "statusCode": 500,
    "headers": {"content-type": "application/json"},
    "body": '{"message":"Internal Server Error"}',
    "isBase64Encoded": False,
}


def with_batch_adapter(handler, concurrency=16):
    """Wraps a handler of one request. An event that is no batch is handed to it as it is."""

    def answer(item, context):
        try:
            return to_answer(handler(item, context))
        except Exception:  # a failure is its item's alone, and its text stays in the log
            logger.exception("Item %s failed", id_of(item))
            return FAILED

    def handle_batch(event, context):
        if not is_batch(event):
            return handler(event, context)
        items = [item for item in event["batch"] if id_of(item)]
        with ThreadPoolExecutor(concurrency) as threads:
            answers = threads.map(lambda item: answer(item, context), items)
            return {
                "v": 1,
                "responses": [{"id": id_of(item), **one} for item, one in zip(items, answers)],
            }

    return handle_batch


def is_batch(event):
    return isinstance(event, dict) and event.get("v") == 1 and isinstance(event.get("batch"), list)


def id_of(item):
    return (item.get("requestContext") or {}).get("requestId") or item.get("id")


def to_answer(returned):
    """Reads what a handler returned as API Gateway does, and checks what the router would refuse."""
    if not (isinstance(returned, dict) and "statusCode" in returned):
        body = returned if isinstance(returned, str) else json.dumps(returned, separators=(",", ":"))
        returned = {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": body}
    status = int(returned["statusCode"])
    headers = {name: text(value) for name, value in (returned.get("headers") or {}).items()}
    cookies = returned.get("cookies") or []
    body = returned.get("body") or ""
    encoded = bool(returned.get("isBase64Encoded"))
    if not 200 <= status <= 599:
        raise ValueError(f"Expected a status from 200 to 599, got {status}")
    for name, value in [*headers.items(), *(("set-cookie", cookie) for cookie in cookies)]:
        if not (HEADER_NAME.fullmatch(name) and HEADER_VALUE.fullmatch(value)):
            raise ValueError(f"Expected a header that can be sent, got {name!r}")
    if encoded:
        base64.b64decode(body, validate=True)
    answer = {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": encoded}
    return {**answer, "cookies": cookies} if cookies else answer


def text(value):
    """A header's value: in JSON `true` is not `True`."""
    return value if isinstance(value, str) else json.dumps(value)

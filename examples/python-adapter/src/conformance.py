"""The conformance handler (protocol/fixtures/README.md): does what the body of an item says."""

import json
import threading
from collections import defaultdict

from lpr_adapter import id_of, with_batch_adapter

answered = defaultdict(threading.Event)


def follow(item, _context):
    todo = json.loads(item.get("body") or '{"return":{"statusCode":200,"body":"no instruction"}}')
    try:
        if "after" in todo:
            answered.pop(todo["after"], answered[todo["after"]]).wait()
        if "throw" in todo:
            raise RuntimeError(todo["throw"])
        if "echo" in todo:
            body = json.dumps({name: item.get(name) for name in todo["echo"]}, separators=(",", ":"))
            return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": body}
        return todo["return"]
    finally:
        answered[id_of(item)].set()


handler = with_batch_adapter(follow)

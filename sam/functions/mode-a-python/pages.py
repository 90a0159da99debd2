"""A handler as thousands are deployed: it knows nothing of batches."""

import json
import platform


def handler(event, context):
    page = (event.get("pathParameters") or {}).get("page", "home")
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"page": page, "python": platform.python_version()}),
    }

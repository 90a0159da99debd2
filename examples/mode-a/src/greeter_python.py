"""A handler as thousands are deployed: one event, one answer, and nothing known of batches."""


def handler(event, context):
    return {
        "statusCode": 200,
        "headers": {"content-type": "text/plain"},
        "body": f"Hello from Python, {event['pathParameters']['name']}!\n",
    }

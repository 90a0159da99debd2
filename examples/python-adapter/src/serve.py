"""As much of the Lambda API as `lpr-testkit conformance` needs: one function, behind every name."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from conformance import handler


class LambdaApi(BaseHTTPRequestHandler):
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["content-length"])))
        answer = json.dumps(handler(event, None)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), LambdaApi)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()

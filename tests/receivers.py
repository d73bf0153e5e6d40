"""Real receivers on loopback: a mail server and an HTTP server that keep what arrives, and can misbehave."""

import contextlib
import json
import socketserver
import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Mail(socketserver.StreamRequestHandler):
    """The few words of SMTP that a client needs to leave a message."""

    def handle(self):
        self.say("220 ready")
        body = None
        while line := self.rfile.readline():
            word = line.strip().upper()
            if body is not None:
                if line == b".\r\n":
                    self.server.raw.append(b"".join(body))
                    body = None
                    self.say("250 taken")
                else:
                    body.append(line[1:] if line.startswith(b"..") else line)
            elif word.startswith(b"EHLO"):
                self.say("250-here\r\n250 SMTPUTF8")
            elif word == b"DATA":
                body = []
                self.say("354 go on")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                if word.startswith(b"RCPT"):
                    self.server.recipients.append(line.decode().strip())
                self.say("250 fine")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class Post(BaseHTTPRequestHandler):
    """Keeps what is posted and answers as told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.asked.set()
        if self.server.gate is not None:
            self.server.gate.wait(60)
        self.server.got.append((self.path, body))
        with contextlib.suppress(OSError):
            self.send_response(self.server.status)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def _served(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextlib.contextmanager
def mail():
    """Run a mail server."""

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address, daemon_threads = True, True

    server = Server(("127.0.0.1", 0), Mail)
    server.raw, server.recipients = [], []
    server.url = (
        f"mailto://127.0.0.1:{server.server_address[1]}?from=falsetto@lab.example&to=ana@lab.example&mode=insecure"
    )
    server.messages = lambda: [message_from_bytes(raw, policy=policy.default) for raw in server.raw]
    with _served(server):
        yield server


@contextlib.contextmanager
def post():
    """Run an HTTP server; `status` and `gate` say how it answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Post)
    server.daemon_threads = True
    server.got, server.status, server.gate, server.asked = [], 200, None, threading.Event()
    server.url = f"json://127.0.0.1:{server.server_address[1]}/hook/s3cr3t-token"
    server.bodies = lambda: [json.loads(body) for _, body in server.got]
    server.titles = lambda: [body["title"] for body in server.bodies()]
    with _served(server):
        yield server

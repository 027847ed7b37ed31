"""A mail server beside the service of the examples: what arrives is kept, nothing leaves.

    with Service() as service, MailServer(service) as server:
        ...  # smtplib.SMTP("127.0.0.1", server.port), then look at server.mails

Mails are struck by the faults of the service under the path `smtp`: a mail
is processed when its last line has arrived, and answered by "250". Standard library only.
"""

from __future__ import annotations

import threading
from email import message_from_bytes, policy
from socketserver import StreamRequestHandler, ThreadingTCPServer

from examples.service import DroppedError, Striking


class Session(Striking, StreamRequestHandler):
    """One conversation in the little of RFC 5321 that a client needs."""

    def handle(self):
        self.say("220 examples ready")
        self.recipients = []
        replies = {
            b"EHLO": "250 examples", b"HELO": "250 examples", b"MAIL": "250 OK",
            b"RSET": "250 OK", b"NOOP": "250 OK",
        }  # fmt: skip
        while (word := self.word()) and word != b"QUIT":
            if word == b"MAIL":
                self.recipients = []
            if word == b"RCPT":
                self.recipients.append(self.line.partition(b"<")[2].partition(b">")[0])
                self.say("250 OK")
            elif word == b"DATA":
                self.say("354 go on")
                try:
                    self.take(self.message())
                except DroppedError:
                    return
            else:
                self.say(replies.get(word, "502 not here"))
        if word:
            self.say("221 bye")

    def word(self):
        try:
            self.line = self.rfile.readline()
        except ConnectionError:
            self.line = b""
        return self.line[:4].strip().upper()

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not line:
            raise DroppedError
        return b"".join(lines)

    def take(self, message):
        """Keep a mail, and let the fault that was armed for it strike."""
        fault = self.take_fault("smtp", b" ".join(self.recipients) + message)
        self.strike(fault, "before")
        parsed = message_from_bytes(message, policy=policy.default)
        mail = {
            "to": ",".join(address.decode() for address in self.recipients),
            "subject": parsed["Subject"],
        }
        self.server.mails.append(mail)
        self.strike(fault, "after-processing")
        self.say("250 taken")
        self.strike(fault, "after-answer")


class MailServer(ThreadingTCPServer):
    """The mail server in a thread of its own, for as long as the block runs."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, service):
        super().__init__(("127.0.0.1", 0), Session)
        self.mails = []
        self.world = service.server.world
        self.stopping = service.server.stopping
        self.port = self.server_port = self.server_address[1]

    def __enter__(self):
        self.thread = threading.Thread(
            target=self.serve_forever, args=(0.02,), daemon=True
        )
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()

import smtplib
import socket
import threading
from email.message import EmailMessage

import pytest

from soulguard.drill import mail_service


@pytest.fixture
def server():
    """A mail server for one client; gives its port and what was delivered."""
    listener = socket.create_server(("127.0.0.1", 0))
    delivered = []

    def serve():
        connection, _ = listener.accept()
        with connection:
            mail_service.serve(connection, delivered.append)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1], delivered
    thread.join(timeout=10)
    listener.close()


def mail():
    made = EmailMessage()
    made["From"], made["To"], made["Cc"] = "a@x.example", "b@x.example", "c@x.example"
    made.set_content("first\n.dot\nlast\n")
    return made


@pytest.mark.parametrize("login", ["plain", "login"])
def test_a_mail_is_delivered_with_its_envelope_and_bytes(server, login):
    port, delivered = server
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.ehlo()
        client.user, client.password = "user", "secret"
        client.auth(login.upper(), getattr(client, f"auth_{login}"))
        client.send_message(mail())
    (call,) = delivered
    assert call.method == "MAIL"
    assert call.url == "mailto:b@x.example,c@x.example"
    assert call.header("envelope-from") == "a@x.example"
    assert call.body.endswith(b"first\r\n.dot\r\nlast\r\n")


def test_a_client_that_speaks_nonsense_and_leaves_is_no_trouble(server):
    port, delivered = server
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        assert line.recv(100) == b"220 drill\r\n"
        line.sendall(b"\0TLS x\nNONSENSE\r\n")
        assert line.recv(100) == b"250 OK\r\n"
    assert delivered == []

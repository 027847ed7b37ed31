"""Two walks that many tests look at: an agent with every kind of effect and client."""

import json

import pytest

from soulguard.drill.recording import Exchange
from tests.drill.stage import walked

URL = "https://api.example.com/v1/x"
AGENT = """
import asyncio, http.server, json, os, smtplib, socket, subprocess, sys, threading
import urllib.request
from email.message import EmailMessage
import aiohttp, httpx, requests

URL = "https://api.example.com/v1/x"
def show(*words):
    print(*words, flush=True)

body = json.dumps({"q": 1}).encode()
kind = {"Content-Type": "application/json"}
show("urllib", urllib.request.urlopen(urllib.request.Request(URL, body, kind)).read())
show("get", urllib.request.urlopen("https://api.example.com/v1/get?a=1").read())
show("requests", requests.post(URL, json={"q": 2}).text)

async def later():
    async with httpx.AsyncClient() as client:
        async with client.stream("POST", URL, json={"q": 3}) as answer:
            show("httpx", [part async for part in answer.aiter_raw()])
    async with aiohttp.ClientSession() as session:
        async with session.post(URL, json={"q": 4}) as answer:
            show("aiohttp", await answer.text())

asyncio.run(later())
mail = EmailMessage()
mail["From"], mail["To"] = "a@x.example", "b@x.example"
mail.set_content("hi")
with smtplib.SMTP("mail.x.example", 587) as server:
    server.starttls()
    server.login("user", "password")
    server.send_message(mail)
show("command", subprocess.run(["echo", "hi"], capture_output=True).stdout)
with open("journal.jsonl", "a") as file:
    file.write("one line\\n")
with open("report.md", "w") as file:
    file.write("a report\\n" * 10)
with open("spare", "w") as file:
    file.write("renamed\\n")
os.replace("spare", "final.md")
with open("agent.log", "w") as file:
    file.write("no output of anybody\\n")

own = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=own.handle_request, daemon=True).start()
here = f"http://127.0.0.1:{own.server_port}/SOUL.md"
show("own server", urllib.request.urlopen(here).status)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
    try:
        line.sendto(b"hello", ("192.0.2.1", 9999))
    except OSError as error:
        show("datagram", error)
"""


def exchange(number, *chunks):
    return Exchange(
        "POST", URL, (("Content-Type", "application/json"),),
        json.dumps({"q": number}).encode(), 200, "OK",
        (("Content-Type", "text/plain"),), chunks,
    )  # fmt: skip


EXCHANGES = (
    exchange(1, b"first"),
    Exchange("GET", "https://api.example.com/v1/get?a=1", (), b"", 200, "OK", (),
             (b"got",)),
    exchange(2, b"second"),
    exchange(3, b"th", b"i", b"r", b"d"),
    exchange(4, b"fourth"),
)  # fmt: skip


@pytest.fixture(scope="session")
def guarded_walk(tmp_path_factory):
    return walked(tmp_path_factory.mktemp("guarded"), AGENT, exchanges=EXCHANGES)


@pytest.fixture(scope="session")
def bare_walk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    return walked(folder, AGENT, exchanges=EXCHANGES, guarded=False)

"""A small HTTP/2 service over TLS that counts its calls; spoken by hyper-h2."""

import contextlib
import json
import socket
import ssl
import threading

import h2.config
import h2.connection
import h2.events


class H2World:
    """Answers every POST with its number and the size of its body, in two frames."""

    def __init__(self, tls):
        tls.set_alpn_protocols(["h2"])
        self.tls = tls
        self.calls = []
        self.connections = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                self.threads.append(
                    threading.Thread(target=self.serve, args=(connection,))
                )
                self.threads[-1].start()

    def serve(self, plain):
        plain.settimeout(10)
        with (
            contextlib.suppress(OSError, ssl.SSLError),
            self.tls.wrap_socket(plain, server_side=True) as connection,
        ):
            self.speak(connection)

    def speak(self, connection):
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        http = h2.connection.H2Connection(config)
        http.initiate_connection()
        connection.sendall(http.data_to_send())
        asked = {}
        while data := connection.recv(65536):
            for event in http.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    asked[event.stream_id] = [dict(event.headers), b""]
                elif isinstance(event, h2.events.DataReceived):
                    asked[event.stream_id][1] += event.data
                    http.acknowledge_received_data(
                        event.flow_controlled_length, event.stream_id
                    )
                elif isinstance(event, h2.events.StreamEnded):
                    self.answer(http, event.stream_id, *asked.pop(event.stream_id))
            connection.sendall(http.data_to_send())

    def answer(self, http, stream, headers, body):
        with self.lock:
            self.calls.append((headers, body))
            content = {"number": len(self.calls), "got": len(body)}
        text = json.dumps(content).encode()
        http.send_headers(
            stream, [(":status", "201"), ("content-type", "application/json")]
        )
        http.send_data(stream, text[:5])
        http.send_data(stream, text[5:], end_stream=True)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join()

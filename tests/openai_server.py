"""A small real server that speaks OpenAI's protocol: a checkpoint completes, a given function chats."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from slm.checkpoint import Checkpoint
from slm.decode import Decoder


class OpenAIServer:
    """Serves on a free port until `close`. `requests` are the bodies it was sent."""

    def __init__(
        self, slm: Path, chat: Callable[[list[dict]], str] = lambda messages: "", most: int = 99
    ) -> None:
        decoder = Decoder(Checkpoint(slm))
        lock = threading.Lock()
        outer = self
        self.requests: list[dict] = []
        self.most = most  # choices in one answer: many servers give one, whatever they are asked for

        class Handler(BaseHTTPRequestHandler):
            def reply(self, status: int, body: dict) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self) -> None:
                self.reply(200, {"object": "list", "data": [{"id": "tiny", "object": "model"}]})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                if body["model"] != "tiny":
                    self.reply(404, {"error": {"message": f"no model {body['model']}"}})
                elif self.path == "/v1/chat/completions":
                    message = {"role": "assistant", "content": chat(body["messages"])}
                    self.reply(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})
                else:
                    self.reply(200, {"choices": complete(body)})

            def log_message(self, *_: object) -> None:
                pass

        def complete(body: dict) -> list[dict]:
            """Plain sampling, as any server does it."""
            rng = np.random.default_rng(body["seed"])
            ids = decoder.tokenizer.encode(body["prompt"]).ids
            choices = []
            with lock:
                for index in range(min(body["n"], outer.most)):
                    run = decoder.network.begin(ids, 1, len(ids) + body["max_tokens"])
                    said: list[int] = []
                    while len(said) < body["max_tokens"] and decoder.end not in said:
                        weights = np.exp((run.logits[0] - run.logits.max()).astype(np.float64))
                        said.append(int(rng.choice(weights.size, p=weights / weights.sum())))
                        run.step(np.array(said[-1:]))
                    finish = "stop" if decoder.end in said else "length"
                    text = decoder.tokenizer.decode(said)
                    choices.append({"index": index, "text": text, "finish_reason": finish})
            return choices

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

"""TinyMuse in the browser: arguments, wiring, serve.

    python app.py                       http://127.0.0.1:7860
    python app.py --help                every argument

The page is there at once; the models load behind it. Ctrl-C ends it.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pipeline.studio import Studio

ROOT = Path(__file__).resolve().parent
MIN_PASSWORD = 8


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serve TinyMuse to browsers.")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7860, help="port to serve on (default: %(default)s)")
    parser.add_argument(
        "--data", type=Path, default=ROOT / "data", help="folder for ratings and pictures (default: data)"
    )
    parser.add_argument(
        "--db", default="", help="SQLAlchemy URL of the ratings (default: SQLite in the data folder)"
    )
    parser.add_argument(
        "--renderer",
        default="auto",
        help="auto, illustrator, a diffusion model (sd-turbo, sdxl-turbo, sd-1.5, sdxl, a hub name, a "
        "folder), or the address of an images API such as https://host/v1#model",
    )
    parser.add_argument("--clip", default="", help="a CLIP model's name or folder")
    parser.add_argument("--graph", default="", help="topics of your own (JSON lines), see intent/graph.py")
    parser.add_argument("--slm", default="", help="folder of the language model, or http://host:port/v1")
    parser.add_argument("--offline", action="store_true", help="never ask a model hub")
    parser.add_argument(
        "--public-url",
        default="",
        type=public_url,
        help="the address people use when a reverse proxy serves this, such as https://study.example.org",
    )
    parser.add_argument(
        "--admin-password-file",
        type=Path,
        help="file with the password of /admin (or set TINYMUSE_ADMIN_PASSWORD; without one /admin opens on "
        "this machine alone)",
    )
    return parser.parse_args(argv)


def admin_password(file: Path | None) -> str:
    """The password of /admin, from its file or the environment, "" for none. SystemExit for a poor one."""
    password = os.environ.get("TINYMUSE_ADMIN_PASSWORD", "")
    if file is not None:
        try:
            password = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            sys.exit(f"The password in {file} cannot be read ({error}).")
    if (file or password) and len(password) < MIN_PASSWORD:
        sys.exit(f"The password of /admin has fewer than {MIN_PASSWORD} characters. Choose a longer one.")
    return password


def public_url(text: str) -> str:
    """An address without a path, or none. ArgumentTypeError for anything else."""
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as https://study.example.org")
    return f"{parts.scheme}://{parts.netloc}"


def open_port(host: str, port: int) -> socket.socket:
    """The listening socket, taken before anything slow starts. SystemExit with advice when it is taken."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    door = socket.socket(family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(address)
        door.listen(256)
    except OSError as error:
        door.close()
        sys.exit(
            f"TinyMuse cannot serve on {host}:{port} ({error.strerror}). "
            f'Stop the other program, or take another port:  make app ARGS="--port {port + 1}"'
        )
    return door


def fill_in_background(future: Future, load: Callable[[], Studio]) -> None:
    """Run `load` for `future`, and warm up, in a thread that does not hold up the end of the program."""

    def work() -> None:
        try:
            studio = load()
        except BaseException as error:  # the page says what it was
            print(f"TinyMuse cannot start its models: {error}", file=sys.stderr, flush=True)
            future.set_exception(error)
            return
        future.set_result(studio)
        studio.warm_up()

    threading.Thread(target=work, daemon=True, name="loading").start()


def main(argv: list[str] | None = None) -> None:
    args = arguments(argv)
    password = admin_password(args.admin_password_file)
    door = open_port(args.host, args.port)
    print(f"TinyMuse starts on http://{args.host}:{args.port}  (Ctrl-C ends it)", flush=True)

    import uvicorn  # after the port is sure: gradio takes seconds to import

    from pipeline.models import Models
    from pipeline.shelf import Shelf
    from pipeline.store.database import open_store
    from pipeline.studio import load_studio
    from pipeline.study.studies import Studies
    from ui.page import build_app
    from ui.seal import Seal

    try:
        args.data.mkdir(parents=True, exist_ok=True)
        store = open_store(args.db or f"sqlite:///{args.data.resolve() / 'ratings.sqlite'}")
        studies = Studies(store, args.data)
        models = Models(store, args.data)
        shelf = Shelf(args.data)
        seal = Seal.at(args.data)
    except (OSError, ValueError) as error:
        sys.exit(f"TinyMuse cannot keep its data: {error}")
    slm = args.slm or str(models.current() or "")
    load = partial(
        load_studio,
        renderer=args.renderer,
        offline=args.offline,
        slm=slm,
        clip=args.clip,
        graph=args.graph,
    )
    studio: Future = Future()
    items = [sys.executable, "-m", "pipeline.study", "--data", str(args.data.resolve())]
    items += [*(["--db", args.db] if args.db else []), "items", *(["--offline"] if args.offline else [])]
    app = build_app(
        studio,
        shelf,
        studies,
        models,
        ROOT / "assets" / "samples",
        seal,
        public_url=args.public_url,
        password=password,
        items_command=items,
    )
    fill_in_background(studio, load)  # only now, so that the page does not wait for the models
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2, proxy_headers=False)
    )
    server.run(sockets=[door])
    # A renderer may be in the middle of a step. Everything acknowledged is on the disk: no need to wait.
    os._exit(0)


if __name__ == "__main__":
    main()

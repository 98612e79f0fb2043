"""What commands share: the answer alone goes to stdout, the rest, native libraries' words too, to stderr.

sys.exit(answer("render", work, lambda report: report["files"], as_json=False))
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable

from pipeline.canvas import Box
from pipeline.render import RendererError


def box_of(text: str) -> Box:
    """A box as it is typed. For argparse, whose own error it raises."""
    try:
        left, top, right, bottom = map(int, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"four whole numbers such as 10,20,300,400, not {text!r}") from None
    return left, top, right, bottom


def answer(
    name: str, work: Callable[[], dict], lines: Callable[[dict], Iterable[str]], *, as_json: bool
) -> int:
    """Do `work` and print its report, as one JSON object or as `lines`; returns the exit code.

    0, or 2 with one line on stderr when what was asked for cannot be done, or 130 after Ctrl-C.
    """
    sys.stdout.flush()
    real = os.dup(1)
    os.dup2(2, 1)
    try:
        report = work()
        text = (
            json.dumps(report, ensure_ascii=False, indent=2) if as_json else "\n".join(lines(report))
        ) + "\n"
        with os.fdopen(os.dup(real), "w", encoding="utf-8") as stdout:
            stdout.write(text)
    except (RendererError, ValueError, OSError) as error:  # every room's own errors are ValueErrors
        said = str(error)
        if isinstance(error, OSError) and error.filename:
            said = f"{error.filename}: {error.strerror}."
        print(f"{name}: {' '.join(said.split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{name}: stopped", file=sys.stderr)
        return 130
    finally:
        os.dup2(real, 1)
        os.close(real)
    return 0

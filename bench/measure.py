"""One measurement: a program of its own, on given cores, that prints one line of JSON."""

import json
import os
import subprocess
import tempfile
import time


def environment(threads):
    """The environment, with every library told how many threads it may use."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
    return {**os.environ, **{name: str(threads) for name in names}}


def stay_on(threads):
    """Keeps the present process to as many cores as it has threads, the same for every program."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def run(command, threads):
    """The program's output, its wall clock in seconds and its peak memory in MiB."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, stdout=output, stderr=errors, env=environment(threads), preexec_fn=lambda: stay_on(threads)
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if child.returncode != 0:
            raise SystemExit(f"error: {' '.join(command)}: exit code {child.returncode}: {errors.read().strip()}")
        return output.read(), seconds, usage.ru_maxrss / 1024


def measure(command, threads):
    """What the program measured of itself, and its peak memory in MiB."""
    output, _, memory = run(command, threads)
    return {**json.loads(output.splitlines()[-1]), "peak_memory": memory}

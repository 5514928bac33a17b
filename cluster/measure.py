#!/usr/bin/env python3
"""Measures jobs on 1 and 2 processes, one thread each, in turns; renews scaling.csv, model.csv and their tables in README.md.

    cargo build && python3 measure.py [--rounds 3]
"""

import argparse
import csv
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).parent
DATA = pathlib.Path(os.environ.get("GLASSBOX_DATA", HERE / "../../shared/data")).resolve()
RANKS = [1, 2]
PHOTOGRAPHS = 16
# Of the training.
IMAGES, BATCH = 5000, 128
MORE = [4, 16, 128, 1000]

# What the model supposes of a network: 10 Gbit/s, 50 µs.
BYTES_A_SECOND, LATENCY = 1.25e9, 50e-6

SQUEEZENET = [str(DATA / "squeezenet/squeezenet1_1.safetensors"), "--arch", "squeezenet1_1", "--size", "227",
              "--scale", "1", "--bgr", "--mean", "103.939,116.779,123.68", "--crop", "227"]


def jobs(images, train):
    """A job's words; OUT stands for its folder."""
    return {
        f"attack, {PHOTOGRAPHS} photographs on SqueezeNet v1.1": [
            "attack", SQUEEZENET[0], images, *SQUEEZENET[1:], "--targets", "9", "--quick", "-o", "OUT/attack"],
        f"top, {PHOTOGRAPHS} photographs on SqueezeNet v1.1": [
            "top", SQUEEZENET[0], images, *SQUEEZENET[1:], "--node", "fire9", "-o", "OUT/top.png"],
        f"train, an epoch of zfnet-64 on {IMAGES:,} images": [
            "train", "--train", train, "--val", train, "--epochs", "1", "-o", "OUT/net"],
    }


def seconds(program, ranks, words):
    """How long it takes, and how many bytes of weights it leaves, where it leaves a net."""
    with tempfile.TemporaryDirectory() as out:
        words = [word.replace("OUT", out) for word in words]
        command = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks), program, *words, "--threads", "1"]
        root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        start = time.monotonic()
        subprocess.run(command, check=True, env=os.environ | root, stdout=subprocess.DEVNULL)
        taken = time.monotonic() - start
        net = pathlib.Path(out) / "net/net.safetensors"
        return taken, net.stat().st_size if net.exists() else 0


def some_photographs(folder):
    """The first of the sample, as a folder."""
    subprocess.run(["tar", "-xf", DATA / "imagenet-sample/images.tar", "-C", folder], check=True)
    files = sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file())
    for path in files[PHOTOGRAPHS:]:
        path.unlink()
    return str(folder)


def measure(program, rounds):
    """The seconds of every job by its number of processes, and the bytes of weights."""
    with tempfile.TemporaryDirectory() as folder:
        work = jobs(some_photographs(folder), str(DATA / "tiny-imagenet-100/val.tar.gz"))
        taken = {job: {ranks: [] for ranks in RANKS} for job in work}
        weights = dict.fromkeys(work, 0)
        for _ in range(rounds):
            for job in work:
                for ranks in RANKS:
                    time_taken, weights[job] = seconds(program, ranks, work[job])
                    taken[job][ranks].append(time_taken)
        return taken, weights


def scaling(taken):
    yield ["job", "processes", "rounds", "median s", "least s", "most s", "times as fast as one"]
    for job, by_ranks in taken.items():
        for ranks, times in by_ranks.items():
            middle = statistics.median(times)
            faster = statistics.median(by_ranks[1]) / middle
            yield [job, ranks, len(times), f"{middle:.1f}", f"{min(times):.1f}", f"{max(times):.1f}", f"{faster:.2f}"]


def model(taken, weights):
    """What every process does, what is divided, and what follows for more processes, with a part for each."""
    yield ["job", "s that all spend", "s that are divided", "MB each process sends at most",
           *(f"s with {n}" for n in MORE)]
    for job, by_ranks in taken.items():
        one, two = (statistics.median(by_ranks[ranks]) for ranks in RANKS)
        divided = 2 * (one - two)
        steps = math.ceil(IMAGES / BATCH) if weights[job] else 0
        sent = steps * 2 * weights[job]
        words = [f"{predicted(one - divided, divided, steps, weights[job], n):.1f}" for n in MORE]
        yield [job, f"{one - divided:.1f}", f"{divided:.1f}", f"{sent / 1e6:.0f}", *words]


def predicted(fixed, divided, steps, weights, n):
    """T(N) of README.md; a batch cannot be divided among more processes than it has images."""
    shares = min(n, BATCH) if steps else n
    moved = 2 * (shares - 1) / shares * weights / BYTES_A_SECOND
    return fixed + divided / shares + steps * (moved + LATENCY * math.log2(shares))


def renew(name, rows, page):
    """The file, and its table between the marks of the page."""
    header, *rest = rows
    with open(HERE / name, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rest])
    lines = ["| " + " | ".join(map(str, row)) + " |\n" for row in [header, *rest]]
    lines.insert(1, "|---" * len(header) + "|\n")
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, after = page.split(begin)
    return before + begin + "".join(lines) + end + after.split(end)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--program", default=str(HERE / "target/debug/glassbox-mpi"))
    arguments = parser.parse_args()
    if not shutil.which("mpirun"):
        raise SystemExit("error: mpirun: expected Open MPI, found none")
    taken, weights = measure(arguments.program, arguments.rounds)
    page = (HERE / "README.md").read_text()
    page = renew("scaling.csv", scaling(taken), page)
    page = renew("model.csv", model(taken, weights), page)
    (HERE / "README.md").write_text(page)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Measures jobs on 1 and 2 processes, one thread each, in turns; renews scaling.csv and the table in README.md.

    cargo build && python3 measure.py [--rounds 3]
"""

import argparse
import csv
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).parent
DATA = pathlib.Path(os.environ.get("GLASSBOX_DATA", HERE / "../../../shared/data")).resolve()
RANKS = [1, 2]
BEGIN, END = "<!-- begin scaling.csv -->\n", "<!-- end scaling.csv -->"

SQUEEZENET = [str(DATA / "squeezenet/squeezenet1_1.safetensors"), "--arch", "squeezenet1_1", "--size", "227",
              "--scale", "1", "--bgr", "--mean", "103.939,116.779,123.68", "--crop", "227"]


def jobs(images, train):
    """A job's words; OUT stands for its folder."""
    return {
        "attack, 32 photographs on SqueezeNet v1.1": [
            "attack", SQUEEZENET[0], images, *SQUEEZENET[1:], "--targets", "9", "--quick", "-o", "OUT/attack"],
        "top, 32 photographs on SqueezeNet v1.1": [
            "top", SQUEEZENET[0], images, *SQUEEZENET[1:], "--node", "fire9", "-o", "OUT/top.png"],
        "train, an epoch of zfnet-64 on 5,000 images": [
            "train", "--train", train, "--val", train, "--epochs", "1", "-o", "OUT/net"],
    }


def seconds(program, ranks, words):
    with tempfile.TemporaryDirectory() as out:
        words = [word.replace("OUT", out) for word in words]
        command = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks), program, *words, "--threads", "1"]
        root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        start = time.monotonic()
        subprocess.run(command, check=True, env=os.environ | root, stdout=subprocess.DEVNULL)
        return time.monotonic() - start


def some_photographs(folder):
    """The first 32 of the sample, as a folder."""
    subprocess.run(["tar", "-xf", DATA / "imagenet-sample/images.tar", "-C", folder], check=True)
    files = sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file())
    for path in files[32:]:
        path.unlink()
    return str(folder)


def measure(program, rounds):
    with tempfile.TemporaryDirectory() as folder:
        work = jobs(some_photographs(folder), str(DATA / "tiny-imagenet-100/val.tar.gz"))
        taken = {(job, ranks): [] for job in work for ranks in RANKS}
        for _ in range(rounds):
            for job, ranks in taken:
                taken[job, ranks].append(seconds(program, ranks, work[job]))
        return taken


def rows(taken):
    for (job, ranks), times in taken.items():
        middle = statistics.median(times)
        faster = statistics.median(taken[job, 1]) / middle
        yield [job, ranks, len(times), f"{middle:.1f}", f"{min(times):.1f}", f"{max(times):.1f}", f"{faster:.2f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--program", default=str(HERE / "target/debug/glassbox-mpi"))
    arguments = parser.parse_args()
    if not shutil.which("mpirun"):
        raise SystemExit("error: mpirun: expected Open MPI, found none")
    header = ["job", "processes", "rounds", "median s", "least s", "most s", "times as fast as one"]
    table = [header, *rows(measure(arguments.program, arguments.rounds))]
    with open(HERE / "scaling.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table)
    lines = ["| " + " | ".join(map(str, row)) + " |\n" for row in table]
    lines.insert(1, "|---" * len(header) + "|\n")
    page = (HERE / "README.md").read_text()
    before, rest = page.split(BEGIN)
    (HERE / "README.md").write_text(before + BEGIN + "".join(lines) + END + rest.split(END)[1])


if __name__ == "__main__":
    main()

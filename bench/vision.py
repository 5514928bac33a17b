"""Convolutional nets: our side and PyTorch in turns, and the tables of what was measured."""

import os
import statistics
import sys

import page
from measure import measure

BENCH = os.path.dirname(os.path.abspath(__file__))

# Channels, filters, kernel, stride, padding, side, batch.
CONVOLUTIONS = {
    "3→96 7×7/2, 64², batch 32": (3, 96, 7, 2, 1, 64, 32),
    "96→256 5×5/2, 15², batch 32": (96, 256, 5, 2, 0, 15, 32),
    "96→256 5×5/1, 15², batch 32": (96, 256, 5, 1, 0, 15, 32),
    "256→384 3×3/1, 13², batch 8": (256, 384, 3, 1, 1, 13, 8),
    "3→96 7×7/2, 224², batch 4": (3, 96, 7, 2, 1, 224, 4),
}
DIRECTIONS = ("forward", "data-gradient", "filter-gradient")

NETS = ("alexnet", "zfnet", "squeezenet1_1")
BATCH = 32

# Images whose unit of conv5 is projected.
PROJECTIONS = 9
CAPTUM = "captum, forward pass included"
ANEW = "Glassbox, forward pass included"
AT_HAND = "Glassbox, trace at hand"

# How far apart, relatively, both sides' mean magnitudes may be: sums in f32, in different orders.
TOLERANCE = 1e-3
THREADS = 2


def words(*parts):
    return [str(part) for part in parts]


class Contest:
    """Our program and the reference, and where both read the weights."""

    def __init__(self, ours, work):
        self.ours = lambda *parts: ours(*words(*parts))
        self.theirs = lambda *parts: [sys.executable, os.path.join(BENCH, "reference", "vision.py"), *words(work, *parts)]

    def run(self, results, part, case, contestants):
        """One round of one case; both must compute the same."""
        magnitudes = []
        for side, command in contestants:
            measured = measure(command, THREADS)
            magnitudes.append(measured["mean_magnitude"])
            known = {name: value for name, value in measured.items() if value is not None}
            results.add(part, case, side, THREADS, **known)
        if max(magnitudes) > (1 + TOLERANCE) * min(magnitudes):
            raise SystemExit(f"error: {part}, {case}: expected one mean magnitude, found {magnitudes}")


def measure_all(results, ours, work, rounds):
    """Convolutions, forward passes and projections."""
    contest = Contest(ours, work)
    measure(contest.ours("prepare-vision"), THREADS)
    for _ in range(rounds):
        results.add("peak", "f32", page.OURS, THREADS, **measure(contest.ours("peak-single"), THREADS))
        for case, sizes in CONVOLUTIONS.items():
            for direction in DIRECTIONS:
                parts = ("conv", direction, *sizes)
                both = [(page.PYTORCH, contest.theirs(*parts)), (page.OURS, contest.ours(*parts))]
                contest.run(results, direction, case, both)
        for net in NETS:
            parts = ("forward", net, BATCH)
            contest.run(results, "net", net, [(page.PYTORCH, contest.theirs(*parts)), (page.OURS, contest.ours(*parts))])
        contestants = [
            (CAPTUM, contest.theirs("project", PROJECTIONS)),
            (ANEW, contest.ours("project", "anew", PROJECTIONS)),
            (AT_HAND, contest.ours("project", "at-hand", PROJECTIONS)),
        ]
        contest.run(results, "projection", "zfnet", contestants)


def against(results, part, case, side):
    """Seconds of one side and of the reference, and the share within each round."""
    seconds = results.of(part, case, side, THREADS, "seconds")
    reference = results.of(part, case, CAPTUM if part == "projection" else page.PYTORCH, THREADS, "seconds")
    return seconds, reference, page.spread(page.per_round(seconds, reference), 2)


def reached(results, part, case):
    """GFLOP/s of our side, and its share of the peak."""
    operations = results.median(part, case, page.OURS, THREADS, "operations")
    speed = operations / statistics.median(results.of(part, case, page.OURS, THREADS, "seconds"))
    peak = results.median("peak", "f32", page.OURS, THREADS, "operations_per_second")
    return [f"{operations / 1e9:.2f}", f"{speed / 1e9:.1f}", f"{100 * speed / peak:.0f} %"]


def milliseconds(seconds):
    return page.spread([1000 * value for value in seconds], 2)


def convolutions(results):
    rows = []
    for case in CONVOLUTIONS:
        for direction in DIRECTIONS:
            seconds, reference, share = against(results, direction, case, page.OURS)
            rows.append([case, direction, milliseconds(reference), milliseconds(seconds), share, *reached(results, direction, case)])
    header = ["convolution", "direction", "PyTorch, ms", "Glassbox, ms", "of PyTorch's time", "GFLOP", "GFLOP/s", "share of the peak"]
    return page.table(header, rows)


def forwards(results):
    rows = []
    for net in NETS:
        seconds, reference, _ = against(results, "net", net, page.OURS)
        throughput = [page.spread([BATCH / value for value in side], 1) for side in (reference, seconds)]
        faster = page.spread(page.per_round(reference, seconds), 2)
        memory = [f"{results.median('net', net, side, THREADS, 'peak_memory'):.0f}" for side in (page.PYTORCH, page.OURS)]
        rows.append([net, *throughput, faster, *reached(results, "net", net), *memory])
    header = ["net", "PyTorch, images a second", "Glassbox, images a second", "times PyTorch", "GFLOP a batch", "GFLOP/s", "share of the peak"]
    return page.table([*header, "PyTorch, peak MiB", "Glassbox, peak MiB"], rows)


def projections(results):
    rows = []
    for side in (CAPTUM, ANEW, AT_HAND):
        seconds, _, share = against(results, "projection", "zfnet", side)
        rows.append([side, milliseconds(seconds), share])
    return page.table(["side", "ms", "of captum's time"], rows)


def tables(results):
    """All of them, in Markdown."""
    peak = results.of("peak", "f32", page.OURS, THREADS, "operations_per_second")
    sections = [
        f"### Convolutions in f32 on {THREADS} threads\n\n" + convolutions(results),
        f"Multiply-adds in registers, both threads together: {page.spread([value / 1e9 for value in peak], 1)} GFLOP/s.",
        f"### Forward passes at 224², batch {BATCH}, on {THREADS} threads\n\n" + forwards(results),
        f"### {PROJECTIONS} projections from conv5 of ZFNet on {THREADS} threads\n\n" + projections(results),
    ]
    return "\n\n".join(sections)

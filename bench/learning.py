"""The training of zfnet-64: PyTorch in both memory formats and ours, in turns."""

import statistics

import page
from measure import measure

ROUNDS, THREADS = 3, 2
NET = "zfnet-64"
FORMATS = ("contiguous", "channels-last")
BEGIN, END = "<!-- begin learning -->", "<!-- end learning -->"

# How far apart, relatively, the mean losses of the first epoch may be: the order of images and the crops differ.
TOLERANCE = 0.03


def side(layout):
    return f"{page.PYTORCH}, {layout}"


def measure_all(results, ours, reference):
    """All sides start at the same weights; their mean losses over the first epoch must agree."""
    measure(ours("prepare-learning"), THREADS)
    sides = [(side(layout), reference("learning.py", layout)) for layout in FORMATS] + [(page.OURS, ours("learn"))]
    for _ in range(ROUNDS):
        losses = []
        for name, command in sides:
            measured = measure(command, THREADS)
            losses.append(measured["loss"])
            results.add("learning", NET, name, THREADS, **measured)
        if max(losses) > (1 + TOLERANCE) * min(losses):
            raise SystemExit(f"error: {NET}: expected one mean loss, found {losses}")


def tables(facts, results):
    """One table, in Markdown, and what it was measured on."""
    speed = {name: results.of("learning", NET, name, THREADS, "images_per_second") for name in [*map(side, FORMATS), page.OURS]}
    better = max(map(side, FORMATS), key=lambda name: statistics.median(speed[name]))
    operations = results.median("learning", NET, page.OURS, THREADS, "operations")
    rows = []
    for name, values in speed.items():
        value = lambda quantity: results.median("learning", NET, name, THREADS, quantity)
        rows.append([
            name,
            page.spread(values, 0),
            page.spread(page.per_round(values, speed[better]), 2),
            f"{operations * statistics.median(values) / 1e9:.0f}",
            f"{value('loss'):.3f}",
            f"{value('peak_memory'):.0f}",
        ])
    header = ["side", "images a second", "times PyTorch in its better format", "GFLOP/s", "mean loss of the first epoch", "peak MiB"]
    count = f"One image, forward and back, is {operations / 1e6:.0f} MFLOP."
    return "\n\n".join([page.table(list(facts), [list(facts.values())]), page.table(header, rows), count])

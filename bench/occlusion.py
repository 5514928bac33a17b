"""Occlusion maps: captum, every occluded image anew, and only what the occluder reaches, in turns."""

import page
from vision import Contest, THREADS

# Each net and how many rounds of the others' it takes part in: captum takes minutes for VGG-16.
NETS = {"alexnet": None, "zfnet": None, "squeezenet1_0": None, "vgg16": 1}

# Pixels from one position to the next; the smaller one is measured once, without the engine that computes every image,
# and on VGG-16 without captum, whose time goes by the number of positions.
STRIDE, FINE = 8, 4
LARGE = "vgg16"

CAPTUM = "captum"
FULL = "Glassbox, every image anew"
INCREMENTAL = "Glassbox, what the occluder reaches"


def case(net, stride):
    return f"{net}, stride {stride}"


def measure_all(results, ours, work, rounds):
    """Sweeps of both strides over one image."""
    contest = Contest(ours, work)
    sides = {
        CAPTUM: lambda net, stride: contest.theirs("occlude", net, stride),
        FULL: lambda net, stride: contest.ours("occlude", net, "full", stride),
        INCREMENTAL: lambda net, stride: contest.ours("occlude", net, "incremental", stride),
    }

    def run(net, stride, names):
        contestants = [(name, sides[name](net, stride)) for name in names]
        contest.run(results, "occlusion", case(net, stride), contestants)

    for round_ in range(rounds):
        for net, most in NETS.items():
            if most is None or round_ < most:
                run(net, STRIDE, (CAPTUM, FULL, INCREMENTAL))
    for net in NETS:
        run(net, FINE, (INCREMENTAL,) if net == LARGE else (CAPTUM, INCREMENTAL))


def seconds(results, name, side):
    """Of every round; none where the side did not take part."""
    key = ("occlusion", name, side, THREADS, "seconds")
    return results.of(*key) if key in results else []


def times(results, name, side):
    """How often the incremental sweep fits into another side's, within each round."""
    return page.per_round(seconds(results, name, side), seconds(results, name, INCREMENTAL))


def shown(values, digits):
    return page.spread(values, digits) if values else "not measured"


def row(results, name):
    count = lambda quantity: results.median("occlusion", name, INCREMENTAL, THREADS, quantity)
    allowed = count("full_operations") / count("operations")
    over_full = times(results, name, FULL)
    return [
        name,
        int(count("positions")),
        *(shown(seconds(results, name, side), 2) for side in (CAPTUM, FULL, INCREMENTAL)),
        shown(times(results, name, CAPTUM), 2),
        shown(over_full, 2),
        f"{allowed:.2f}",
        shown([value / allowed for value in over_full], 2),
        f"{count('operations') / count('seconds') / 1e9:.0f}",
        f"{count('peak_memory'):.0f}",
    ]


def tables(results):
    """One table, in Markdown."""
    header = ["net", "positions", "captum, s", "every image anew, s", "what the occluder reaches, s"]
    header += ["times captum", "times every image anew", "times allowed by the operations", "share of that"]
    header += ["GFLOP/s", "peak MiB"]
    rows = [row(results, case(net, stride)) for stride in (STRIDE, FINE) for net in NETS]
    return f"### Occlusion maps on {THREADS} threads\n\n" + page.table(header, rows)

"""Measures our side and the reference in turns and writes the tables.

usage: compare.py [--quick | --photographs | --learning]        called by run.sh, which sets GLASSBOX_DATA
Each round runs every contestant once, so that a machine that grows busy slows all of them; a ratio is taken within a round.
"""

import argparse
import os
import sys
import tempfile

import learning
import machine
import occlusion
import page
import photographs
import vision
from measure import measure, run
from results import Results

BENCH = os.path.dirname(os.path.abspath(__file__))
WORK = os.path.join(BENCH, "work")
DATA = os.environ["GLASSBOX_DATA"]
MODELS = ("FC10_1e-2", "FC100-100-10")

# How far apart, relatively, the mean distortions may be: both searches leave c open by a factor of 1.02, and r by about its root.
TOLERANCE = 0.01


class Size:
    """How much is measured."""

    def __init__(self, quick):
        self.rounds = 2 if quick else 5
        self.training_rounds = 1 if quick else 2
        self.vision_rounds = 1 if quick else 3
        self.epochs = 2 if quick else 30
        self.reference_examples = 8 if quick else 24
        self.experiment = ["--smoke"] if quick else []
        self.readme = os.path.join(WORK, "README.md") if quick else os.path.join(BENCH, "README.md")
        self.csv = os.path.join(WORK, "results.csv") if quick else os.path.join(BENCH, "results.csv")


def ours(program, threads, *words):
    return [program, "--data", DATA, "--work", WORK, "--threads", str(threads), *words]


def reference(script, *words):
    return [sys.executable, os.path.join(BENCH, "reference", script), DATA, *map(str, words)]


def attacks(results, program, size):
    """Seconds an example, evaluations and distortions."""
    for model in MODELS:
        contestants = [
            (page.NUMPY, 1, reference("attack.py", WORK, model, "numpy", size.reference_examples)),
            (page.OURS, 1, ours(program, 1, "attack", model)),
            (page.TORCH, 1, reference("attack.py", WORK, model, "torch", size.reference_examples)),
            (page.OURS, 2, ours(program, 2, "attack", model)),
        ]
        for _ in range(size.rounds):
            for side, threads, command in contestants:
                measured = measure(command, threads)
                if measured["found"] != measured["examples"]:
                    raise SystemExit(f"error: {side}, {model}: {measured['found']} of {measured['examples']} found")
                common = measured.pop("distortions")[: size.reference_examples]
                measured["distortion_of_common"] = sum(common) / len(common)
                results.add("attack", model, side, threads, **measured)
        check_agreement(results, model)


def check_agreement(results, model):
    """Both sides must find distortions of the same size, or their speeds mean nothing."""
    expected = results.median("attack", model, page.NUMPY, 1, "distortion_of_common")
    for side, threads in ((page.TORCH, 1), (page.OURS, 1), (page.OURS, 2)):
        found = results.median("attack", model, side, threads, "distortion_of_common")
        if abs(found / expected - 1) > TOLERANCE:
            raise SystemExit(f"error: {side}, {model}: expected a mean distortion near {expected}, found {found}")


def trainings(results, program, size):
    """Seconds and errors of the same number of epochs."""
    for _ in range(size.training_rounds):
        for threads in (1, 2):
            training = reference("training.py", size.epochs)
            results.add("training", "FC100-100-10", page.PYTORCH, threads, **measure(training, threads))
            command = ours(program, threads, "train", "--epochs", str(size.epochs))
            results.add("training", "FC100-100-10", page.OURS, threads, **measure(command, threads))


def peaks(results, program, size):
    """Multiply-adds in registers, the floor's measure."""
    for _ in range(size.rounds):
        results.add("peak", "", page.OURS, 1, **measure(ours(program, 1, "peak"), 1))


def convolutional_nets(results, program, size):
    """Convolutions, forward passes and projections."""
    vision.measure_all(results, lambda *words: ours(program, vision.THREADS, *words), WORK, size.vision_rounds)


def occlusion_maps(results, program, size):
    """Every occluded image anew, or only what the occluder reaches."""
    occlusion.measure_all(results, lambda *words: ours(program, vision.THREADS, *words), WORK, size.vision_rounds)


def experiment(results, program, size):
    """Table 1 with nothing trained before, and again."""
    if program is None:
        print("szegedy-table1: there is no such program, Table 1 is left out", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        places = ["--results", os.path.join(folder, "results"), "--checkpoints", os.path.join(folder, "checkpoints")]
        for name in (page.FROM_NOTHING, page.AGAIN):
            _, seconds, memory = run([program, *size.experiment, *places], 2)
            results.add("table1", name, page.OURS, 2, seconds=seconds, peak_memory=memory)


def alone(part, name, needs, program):
    """A part that has a table and a file of its own, since it takes long: the attack on photographs, the training on small images."""
    missing = [folder for folder in needs if not os.path.isdir(os.path.join(DATA, folder))]
    if missing:
        print(f"{DATA}: no {' and no '.join(missing)}, {name} is left out", file=sys.stderr)
        return
    facts, results = machine.facts(), Results()
    part.measure_all(
        results, lambda *words: ours(program, part.THREADS, *words), lambda script, word: reference(script, WORK, word)
    )
    facts["load average after"] = machine.load()
    readme = os.path.join(BENCH, "README.md")
    tables = part.tables(facts, results)
    results.write(os.path.join(BENCH, f"{name}.csv"))
    page.renew(readme, readme, tables, part.BEGIN, part.END)
    print(tables)


def main():
    parser = argparse.ArgumentParser(description="Our speed beside SciPy's and PyTorch's.")
    parser.add_argument("--photographs", action="store_true", help="only the attack on photographs")
    parser.add_argument("--learning", action="store_true", help="only the training on small images")
    parser.add_argument("--quick", action="store_true", help="about eight minutes instead of half an hour; README.md stays as it is")
    arguments = parser.parse_args()
    size = Size(arguments.quick)
    programs = machine.build()
    os.makedirs(WORK, exist_ok=True)
    parts = [("photographs", photographs, ("imagenet-sample", "squeezenet")), ("learning", learning, ("tiny-imagenet-100",))]
    wanted = [part for part in parts if getattr(arguments, part[0])]
    for name, part, needs in wanted:
        alone(part, name, needs, programs["side_by_side"])
    if wanted:
        return
    measure(ours(programs["side_by_side"], 2, "prepare"), 2)

    facts = {"size": "quick" if arguments.quick else "full", **machine.facts()}
    results = Results()
    for part in (peaks, attacks, trainings, convolutional_nets, occlusion_maps):
        print(f"{part.__name__} …", file=sys.stderr)
        part(results, programs["side_by_side"], size)
    print("experiment …", file=sys.stderr)
    experiment(results, programs.get("szegedy-table1"), size)
    facts["load average after"] = machine.load()

    tables = "\n\n".join([page.tables(facts, results), vision.tables(results), occlusion.tables(results)])
    results.write(size.csv)
    page.renew(os.path.join(BENCH, "README.md"), size.readme, tables)
    print(tables)
    if not arguments.quick:
        for name, part, needs in parts:
            alone(part, name, needs, programs["side_by_side"])


if __name__ == "__main__":
    main()

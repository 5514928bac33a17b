"""The tables of README.md, made from measurements alone."""

import os
import statistics

NUMPY = "SciPy, gradient in NumPy"
TORCH = "SciPy, gradient by PyTorch"
PYTORCH = "PyTorch"
OURS = "Glassbox"
FROM_NOTHING = "nothing trained before"
AGAIN = "again"

PAPER_NAMES = {"FC10_1e-2": "FC10(1e-2)", "FC100-100-10": "FC100-100-10"}

BEGIN, END = "<!-- begin measured -->", "<!-- end measured -->"


def spread(values, digits):
    """Median and, of several values, the smallest and the largest."""
    median = f"{statistics.median(values):.{digits}f}"
    if len(values) == 1:
        return median
    return f"{median} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def table(header, rows):
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def per_round(numerators, denominators):
    """The ratio within each round."""
    return [a / b for a, b in zip(numerators, denominators)]


def attack(results):
    """Both sides' throughput, and what they found."""
    rows = []
    for part, model, side, threads, quantity in results.values:
        if (part, quantity) != ("attack", "seconds_per_example"):
            continue
        key = (part, model, side, threads)
        seconds = results.of(*key, quantity)
        faster = per_round(results.of(part, model, NUMPY, 1, quantity), seconds)
        rows.append([
            PAPER_NAMES[model],
            side,
            threads,
            int(results.median(*key, "examples")),
            spread([1000 * value for value in seconds], 3),
            f"{1 / statistics.median(seconds):.0f}",
            spread(faster, 1),
            f"{results.median(*key, 'evaluations_per_example'):.1f}",
            f"{results.median(*key, 'distortion_of_common'):.6f}",
            f"{results.median(*key, 'peak_memory'):.0f}",
        ])
    header = ["model", "side", "threads", "examples", "ms an example", "examples a second", "times the reference"]
    header += ["evaluations an example", "mean distortion of the common examples", "peak MiB"]
    return table(header, rows)


def training(results):
    """Both sides' time for the same epochs, and the errors after them."""
    rows = []
    for threads in (1, 2):
        for side in (PYTORCH, OURS):
            key = ("training", "FC100-100-10", side, threads)
            seconds = results.of(*key, "seconds")
            share = per_round(seconds, results.of("training", "FC100-100-10", PYTORCH, threads, "seconds"))
            errors = [f"{results.median(*key, f'{part}_error'):.2f} %" for part in ("train", "test")]
            memory = f"{results.median(*key, 'peak_memory'):.0f}"
            rows.append([side, threads, spread(seconds, 1), spread(share, 2), *errors, memory])
    return table(["side", "threads", "seconds", "of PyTorch's time", "train error", "test error", "peak MiB"], rows)


def table1(results):
    """The experiment as a whole."""
    if ("table1", AGAIN, OURS, 2, "seconds") not in results:
        return "Not measured: there is no such program."
    rows = []
    for name in (FROM_NOTHING, AGAIN):
        key = ("table1", name, OURS, 2)
        rows.append([name, spread(results.of(*key, "seconds"), 1), spread(results.of(*key, "peak_memory"), 0)])
    return table(["run", "seconds", "peak MiB"], rows)


def floor(results):
    """The operations that were counted, at the speed of multiply-adds in registers."""
    peak = results.median("peak", "", OURS, 1, "operations_per_second")
    rows = []
    for model in sorted({model for part, model, *_ in results.values if part == "attack"}):
        key = ("attack", model, OURS, 1)
        operations = results.median(*key, "operations_per_evaluation")
        evaluations = results.median(*key, "evaluations_per_example")
        seconds = results.median(*key, "seconds_per_example")
        reached = operations * evaluations / seconds
        rows.append([
            PAPER_NAMES[model],
            f"{operations / 1e6:.3f}",
            f"{evaluations:.1f}",
            f"{results.median(*key, 'parameter_bytes') / 1024:.0f}",
            f"{results.median(*key, 'pair_bytes') / 1024:.0f}",
            f"{1e3 * operations * evaluations / peak:.3f}",
            f"{1e3 * seconds:.3f}",
            f"{reached / 1e9:.1f}",
            f"{peak / 1e9:.1f}",
            f"{100 * reached / peak:.0f} %",
        ])
    header = ["model", "MFLOP an evaluation", "evaluations an example", "parameters, KiB", "curvature pairs an example, KiB"]
    header += ["floor, ms an example", "measured, ms", "GFLOP/s reached", "GFLOP/s peak", "share of the peak"]
    return table(header, rows)


def tables(facts, results):
    """All of them, in Markdown."""
    sections = [
        table(list(facts), [list(facts.values())]),
        "### Attack\n\n" + attack(results),
        "### Training FC100-100-10\n\n" + training(results),
        "### `just reproduce-table1`\n\n" + table1(results),
        "### The floor of the attack on one thread\n\n" + floor(results),
    ]
    return "\n\n".join(sections)


def renew(template, path, tables, begin=BEGIN, end=END):
    """Writes the page of `template` to `path`, with new tables between the marks."""
    with open(template) as file:
        page = file.read()
    if page.count(begin) != 1 or page.count(end) != 1:
        raise SystemExit(f"error: {template}: expected {begin} and {end} once each")
    before, after = page.split(begin)[0], page.split(end)[1]
    partial = path + ".partial"
    with open(partial, "w") as file:
        file.write(f"{before}{begin}\n\n{tables}\n\n{end}{after}")
    os.replace(partial, path)

"""Photographs made ostriches: SciPy's L-BFGS-B through PyTorch and our search, in turns."""

import statistics

import page
from measure import measure

EXAMPLES, ROUNDS, THREADS = 2, 2, 2
NET = "SqueezeNet v1.0"
BEGIN, END = "<!-- begin photographs -->", "<!-- end photographs -->"


def measure_all(results, ours, reference):
    """Both sides attack the same photographs; ours must not end farther away."""
    measure(ours("prepare-photographs", str(EXAMPLES)), THREADS)
    sides = [(page.TORCH, reference("ostriches.py", EXAMPLES)), (page.OURS, ours("attack-photographs"))]
    for _ in range(ROUNDS):
        distances = []
        for side, command in sides:
            measured = measure(command, THREADS)
            if measured["found"] != measured["examples"]:
                raise SystemExit(f"error: {side}, {NET}: {measured['found']} of {measured['examples']} found")
            distances.append(statistics.mean(measured.pop("distortions")))
            results.add("photographs", NET, side, THREADS, **measured, distortion=distances[-1])
        if distances[1] > distances[0]:
            raise SystemExit(f"error: {NET}: expected a mean distortion of at most {distances[0]}, found {distances[1]}")


def tables(facts, results):
    """One table, in Markdown, and what it was measured on."""
    seconds = {side: results.of("photographs", NET, side, THREADS, "seconds_per_example") for side in (page.TORCH, page.OURS)}
    rows = []
    for side in (page.TORCH, page.OURS):
        value = lambda quantity: results.median("photographs", NET, side, THREADS, quantity)
        evaluations = value("evaluations_per_example")
        rows.append([
            NET,
            side,
            int(value("examples")),
            page.spread(seconds[side], 2),
            page.spread(page.per_round(seconds[page.TORCH], seconds[side]), 1),
            f"{evaluations:.0f}",
            f"{1e3 * statistics.median(seconds[side]) / evaluations:.1f}",
            f"{value('distortion'):.6f}",
            f"{value('peak_memory'):.0f}",
        ])
    operations = results.median("photographs", NET, page.OURS, THREADS, "operations_per_evaluation")
    header = ["net", "side", "photographs", "s a photograph", "times the reference", "evaluations a photograph"]
    header += ["ms an evaluation", "mean distortion", "peak MiB"]
    count = f"One evaluation, forward and back, is {operations / 1e9:.2f} GFLOP."
    return "\n\n".join([page.table(list(facts), [list(facts.values())]), page.table(header, rows), count])

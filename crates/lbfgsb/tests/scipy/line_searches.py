"""Writes line_searches.csv: the steps that SciPy's Moré–Thuente search tries along polynomials (SciPy 1.17.1, NumPy).

A row has the coefficients of φ(α) = c₁ α + … + c₆ α⁶, the first step, the longest one, and the steps that were tried.
Of many random polynomials those are kept that lead the search around longest, and as many others.
"""

import csv
import pathlib

import numpy as np
from scipy.optimize._dcsrch import DCSRCH

F_TOLERANCE, G_TOLERANCE, X_TOLERANCE = 1e-3, 0.9, 0.1
DRAWN, KEPT = 20_000, 100


def horner(coefficients, a):
    value = 0.0
    for c in reversed(coefficients):
        value = value * a + c
    return value


def tried(coefficients, first, longest):
    slopes = [(power + 1) * c for power, c in enumerate(coefficients)]
    steps = []

    def phi(a):
        steps.append(float(a))
        return horner([0.0, *coefficients], a)

    search = DCSRCH(phi, lambda a: horner(slopes, a), F_TOLERANCE, G_TOLERANCE, X_TOLERANCE, 0.0, longest)
    search(first, phi0=0.0, derphi0=coefficients[0], maxiter=50)
    return steps


def drawn(rng):
    coefficients = rng.normal(size=6) * 10.0 ** rng.uniform(-2, 2, size=6)
    coefficients[0] = -abs(coefficients[0])
    longest = 10.0 ** rng.uniform(-1, 3)
    first = min(longest, 10.0 ** rng.uniform(-3, 2))
    coefficients = [float(c) for c in coefficients]
    return coefficients, float(first), float(longest), tried(coefficients, first, longest)


def main():
    rng = np.random.default_rng(1)
    rows = [drawn(rng) for _ in range(DRAWN)]
    rows = sorted(rows[:-KEPT], key=lambda row: -len(row[3]))[:KEPT] + rows[-KEPT:]
    with open(pathlib.Path(__file__).with_name("line_searches.csv"), "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["coefficients", "first", "longest", "steps"])
        for coefficients, first, longest, steps in rows:
            table.writerow([" ".join(map(repr, coefficients)), first, longest, " ".join(map(repr, steps))])


main()

"""Measurements by part, model, side and number of threads; each quantity has one value a round."""

import csv
import os
import statistics

COLUMNS = ["part", "model", "side", "threads", "quantity", "median", "low", "high", "rounds"]


class Results:
    def __init__(self):
        self.values = {}

    def add(self, part, model, side, threads, **quantities):
        """One round's values."""
        for quantity, value in quantities.items():
            self.values.setdefault((part, model, side, threads, quantity), []).append(value)

    def __contains__(self, key):
        """Whether a part, model, side, threads and quantity were measured."""
        return key in self.values

    def of(self, *key):
        """The values of all rounds."""
        return self.values[key]

    def median(self, *key):
        return statistics.median(self.values[key])

    def write(self, path):
        """All medians with their spread, as CSV."""
        partial = path + ".partial"
        with open(partial, "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for key, values in self.values.items():
                spread = [f"{value:.6g}" for value in (statistics.median(values), min(values), max(values))]
                writer.writerow([*key, *spread, len(values)])
        os.replace(partial, path)

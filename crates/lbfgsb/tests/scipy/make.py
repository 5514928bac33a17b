"""Writes answers.csv: what SciPy's L-BFGS-B finds on the problems of ../problems (run with SciPy 1.17.1, NumPy).

Every formula is written once and differentiated by the complex step, which is exact to rounding.
f_start ties a row to the Rust formula; `best` is the lowest f that TNC, SLSQP or the literature has, so that
`note` can say where L-BFGS-B stopped early or in another local minimum.
"""

import csv
import pathlib

import numpy as np
from scipy.optimize import minimize

INF = np.inf
sq = lambda *r: sum(np.sum(np.asarray(v) ** 2) for v in r)


def rosenbrock(x):
    return sq(10 * (x[1::2] - x[::2] ** 2), 1 - x[::2])


def freudenstein_roth(x):
    a, b = x
    return sq(a - 13 + ((5 - b) * b - 2) * b, a - 29 + ((b + 1) * b - 14) * b)


def powell_badly_scaled(x):
    return sq(1e4 * x[0] * x[1] - 1, np.exp(-x[0]) + np.exp(-x[1]) - 1.0001)


def brown_badly_scaled(x):
    return sq(x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2)


def beale(x):
    return sq([y - x[0] * (1 - x[1] ** i) for y, i in zip([1.5, 2.25, 2.625], [1, 2, 3])])


def jennrich_sampson(x):
    i = np.arange(1, 11)
    return sq(2 + 2 * i - (np.exp(i * x[0]) + np.exp(i * x[1])))


def helical_valley(x):
    angle = np.arctan(x[1] / x[0]) / (2 * np.pi)
    return sq(10 * (x[2] - 10 * angle), 10 * (np.sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2])


def bard(x):
    y = np.array([0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39])
    u = np.arange(1, 16)
    return sq(y - (x[0] + u / ((16 - u) * x[1] + np.minimum(u, 16 - u) * x[2])))


def gaussian(x):
    half = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521]
    y = np.array([*half, 0.3989, *half[::-1]])
    t = (8 - np.arange(1, 16)) / 2
    return sq(x[0] * np.exp(-x[1] * (t - x[2]) ** 2 / 2) - y)


def box_three_dimensional(x):
    t = 0.1 * np.arange(1, 11)
    return sq(np.exp(-t * x[0]) - np.exp(-t * x[1]) - x[2] * (np.exp(-t) - np.exp(-10 * t)))


def powell_singular(x):
    a, b, c, d = x[::4], x[1::4], x[2::4], x[3::4]
    return np.sum((a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4)


def wood(x):
    a, b, c, d = x
    return (
        100 * (b - a * a) ** 2 + (1 - a) ** 2 + 90 * (d - c * c) ** 2 + (1 - c) ** 2
        + 10 * (b + d - 2) ** 2 + 0.1 * (b - d) ** 2
    )


def kowalik_osborne(x):
    y = np.array([0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246])
    u = np.array([4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625])
    return sq(y - x[0] * (u * u + u * x[1]) / (u * u + u * x[2] + x[3]))


def brown_dennis(x):
    t = np.arange(1, 21) / 5
    return sq((x[0] + t * x[1] - np.exp(t)) ** 2 + (x[2] + x[3] * np.sin(t) - np.cos(t)) ** 2)


def biggs_exp6(x):
    t = 0.1 * np.arange(1, 14)
    y = np.exp(-t) - 5 * np.exp(-10 * t) + 3 * np.exp(-4 * t)
    return sq(x[2] * np.exp(-t * x[0]) - x[3] * np.exp(-t * x[1]) + x[5] * np.exp(-t * x[4]) - y)


def watson(x):
    t = np.arange(1, 30)[:, None] / 29
    j = np.arange(x.size)
    slope = (t ** np.maximum(j - 1, 0) * j) @ x
    return sq(slope - (t**j @ x) ** 2 - 1, x[0], x[1] - x[0] ** 2 - 1)


def penalty_1(x):
    return 1e-5 * sq(x - 1) + (np.sum(x**2) - 0.25) ** 2


def variably_dimensioned(x):
    total = np.sum(np.arange(1, x.size + 1) * (x - 1))
    return sq(x - 1) + total**2 + total**4


def trigonometric(x):
    i = np.arange(1, x.size + 1)
    return sq(x.size - np.sum(np.cos(x)) + i * (1 - np.cos(x)) - np.sin(x))


def padded(x):
    return np.concatenate([[0], x, [0]])


def discrete_boundary_value(x):
    h, p = 1 / (x.size + 1), padded(x)
    t = np.arange(1, x.size + 1) * h
    return sq(2 * x - p[:-2] - p[2:] + h * h * (x + t + 1) ** 3 / 2)


def broyden_tridiagonal(x):
    p = padded(x)
    return sq((3 - 2 * x) * x - p[:-2] - 2 * p[2:] + 1)


def broyden_banded(x):
    n = x.size
    band = lambda i: sum(x[j] * (1 + x[j]) for j in range(max(0, i - 5), min(n, i + 2)) if j != i)
    return sq(x * (2 + 5 * x * x) + 1 - np.array([band(i) for i in range(n)]))


def linear_full_rank(x):
    return sq(x - 2 / x.size * np.sum(x) - 1)


def hs1(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def hs3(x):
    return x[1] + 1e-5 * (x[1] - x[0]) ** 2


def hs4(x):
    return (x[0] + 1) ** 3 / 3 + x[1]


def mccormck(x):
    a, b = x[:-1], x[1:]
    return np.sum(np.sin(a + b) + (a - b) ** 2 - 1.5 * a + 2.5 * b + 1)


def hs45(x):
    return 2 - np.prod(x) / 120


def hs110(x):
    return np.sum(np.log(x - 2) ** 2 + np.log(10 - x) ** 2) - np.prod(x) ** 0.2


def camel6(x):
    a, b = x
    return (4 - 2.1 * a**2 + a**4 / 3) * a**2 + a * b + (4 * b**2 - 4) * b**2


def hatflda(x):
    return sq(x[0] - 1, x[:-1] - np.sqrt(x[1:]))


def hatfldc(x):
    return sq(x[0] - 1, x[1:-1] - x[:-2] ** 2, x[-1] - 1)


def linear(x):
    return np.sum(-10 * np.arange(1, x.size + 1) * x)


def qudlin(x):
    half = x[: x.size // 2 + 1]
    return linear(x) + np.sum(half[:-1] * half[1:])


def biggsb1(x):
    return sq(x[0] - 1, 1 - x[-1], np.diff(x))


def bqp_rows(x):
    i = np.arange(1, x.size + 1)
    return i, x + x[(2 * i - 1) % x.size] + x[(3 * i - 1) % x.size]


def cvxbqp1(x):
    i, rows = bqp_rows(x)
    return np.sum(0.5 * i * rows**2)


def ncvxbqp1(x):
    i, rows = bqp_rows(x)
    return np.sum(np.where(i <= 3 * x.size // 4, 0.5, -0.5) * i * rows**2)


def nonscomp(x):
    return (x[0] - 1) ** 2 + 4 * sq(x[1:] - x[:-1] ** 2)


def explin(x):
    return np.sum(np.exp(0.1 * x[:10] * x[1:11])) + linear(x)


def bdexp(x):
    pair = x[:-2] + x[1:-1]
    return np.sum(pair * np.exp(-x[2:] * pair))


def pentdi(x):
    n, h = x.size, x.size // 2
    ends = -3 * x[0] + x[1] + x[n - 1] - 3 * x[n - 1] + x[h - 1] - 3 * x[h]
    return 6 * sq(x) - 4 * np.sum(x[:-1] * x[1:]) + np.sum(x[:-2] * x[2:]) + ends


def grid_energy(x, w, load, side=8):
    h = 1 / (side + 1)
    v = np.zeros((side + 2, side + 2), x.dtype)
    v[1:-1, 1:-1] = x.reshape(side, side)
    weight = w(np.arange(side + 1) * h)[:, None]
    down, right = np.diff(v, axis=0)[:, :-1], np.diff(v, axis=1)[:-1]
    return np.sum(0.5 * weight * (down**2 + right**2)) - load * h * h * np.sum(x)


def torsion(x):
    return grid_energy(x, np.ones_like, 5)


def obstacle(x):
    return grid_energy(x, np.ones_like, 1)


def journal_bearing(x):
    return grid_energy(x, lambda t: (1 + 0.1 * np.cos(2 * np.pi * t)) ** 3, 0.1)


def row(name, formula, start, n, lower=(-INF,), upper=(INF,)):
    return name, formula, *(np.resize(np.array(v, float), n) for v in (start, lower, upper))


R = np.arange(1, 11)
D = np.arange(1, 21) / 21
PROBLEMS = [
    row("rosenbrock", rosenbrock, [-1.2, 1], 2),
    row("rosenbrock boxed", rosenbrock, [-1.2, 1], 2, [-2], [2]),
    row("rosenbrock minimizer in the corner", rosenbrock, [-1.2, 1], 2, [-2], [1]),
    row("rosenbrock right of the minimizer", rosenbrock, [2, 3], 2, [1.5, -INF]),
    row("rosenbrock left of the minimizer", rosenbrock, [-1.2, 1], 2, [-INF], [0.5, INF]),
    row("rosenbrock below the valley", rosenbrock, [-1.2, -1], 2, [-2], [2, -0.5]),
    row("rosenbrock from a corner", rosenbrock, [-2, 2], 2, [-2], [2]),
    row("rosenbrock from outside the box", rosenbrock, [-9, 9], 2, [-1.5], [0.8]),
    row("rosenbrock with a fixed variable", rosenbrock, [-1.2, 0.25], 2, [-2, 0.25], [2, 0.25]),
    row("rosenbrock in a point", rosenbrock, [5], 2, [0.5], [0.5]),
    row("rosenbrock in a thin box", rosenbrock, [-1.2, 1], 2, [-2, 0.36], [2, 0.36000001]),
    row("rosenbrock 20", rosenbrock, [-1.2, 1], 20),
    row("rosenbrock 20 boxed", rosenbrock, [-1.2, 1], 20, [-5], [5]),
    row("rosenbrock 40 half fixed", rosenbrock, [-1.2, 0.5], 40, [-5, 0.5], [5, 0.5]),
    row("rosenbrock 20 mixed bounds", rosenbrock, [-1.2, 1], 20, [-INF, 0.3, -1], [0.8, INF, INF, 2]),
    row("freudenstein roth", freudenstein_roth, [0.5, -2], 2),
    row("freudenstein roth bounded", freudenstein_roth, [6, 3], 2, [0, 2.5], [20, 10]),
    row("powell badly scaled", powell_badly_scaled, [0, 1], 2, [0, 1], [1, 9]),
    row("brown badly scaled", brown_badly_scaled, [1], 2, [0, 3e-5], [1e6, 100]),
    row("beale", beale, [1], 2),
    row("beale bounded", beale, [1], 2, [0.6, 0.5], [10, 100]),
    row("jennrich sampson", jennrich_sampson, [0.3, 0.4], 2, [0], [1]),
    row("jennrich sampson bounded", jennrich_sampson, [0.3, 0.4], 2, [0.26, 0], [0.5, 0.4]),
    row("helical valley", helical_valley, [1.5, 2, 1], 3, [0.1, -INF, -INF]),
    row("helical valley bounded", helical_valley, [1.5, 2, 1], 3, [0.1, 0.2, -1], [0.8, 2, 1]),
    row("bard", bard, [1], 3, [0], [10]),
    row("bard bounded", bard, [1], 3, [0.1, 0, 0], [50, 100, 2]),
    row("gaussian", gaussian, [0.4, 1, 0], 3),
    row("gaussian bounded", gaussian, [0.4, 1, 0], 3, [0.398, 1, -0.5], [4.2, 2, 0.1]),
    row("box three dimensional", box_three_dimensional, [0, 10, 20], 3, [0, 5, 0], [2, 9.5, 20]),
    row("powell singular", powell_singular, [3, -1, 0, 1], 4, [0.1, -20, -1, -1], [100, 20, 1, 50]),
    row("powell singular 20", powell_singular, [3, -1, 0, 1], 20, [-4], [4]),
    row("wood", wood, [-3, -1], 4, [-10], [10]),
    row("wood bounded", wood, [-3, -1], 4, [-100], [0, 10, 100, 100]),
    row("kowalik osborne", kowalik_osborne, [0.25, 0.39, 0.415, 0.39], 4, [0], [0.42]),
    row("kowalik osborne bounded", kowalik_osborne, [0.25, 0.39, 0.415, 0.39], 4, [0, -1, 0.13, 0.12], [10, 12, 13, 12]),
    row("brown dennis", brown_dennis, [25, 5, -5, -1], 4),
    row("brown dennis bounded", brown_dennis, [25, 5, -5, -1], 4, [-10, 0, -100, -20], [100, 15, 0, 0.2]),
    row("biggs exp6 bounded", biggs_exp6, [1, 2, 1, 1, 1, 1], 6, [0, 0, 0, 1, 0, 0], [2, 8, 1, 7, 5, 5]),
    row("watson 6", watson, [0], 6),
    row("watson 6 bounded", watson, [0], 6, [-0.015] + [-0.5] * 5, [1]),
    row("penalty 1", penalty_1, R, 10, [0, 1, 0, 0], [100]),
    row("variably dimensioned", variably_dimensioned, 1 - R / 10, 10),
    row("variably dimensioned bounded", variably_dimensioned, 1 - R / 10, 10, [0], [*(10 * R[:9]), 0.5]),
    row("trigonometric bounded", trigonometric, [0.1], 10, [0.05], [9, 18]),
    row("discrete boundary value", discrete_boundary_value, D * (D - 1), 20, [-0.05], [0]),
    row("broyden tridiagonal", broyden_tridiagonal, [-1], 30),
    row("broyden tridiagonal bounded", broyden_tridiagonal, [-1], 30, [-0.6], [-0.5, INF]),
    row("broyden banded", broyden_banded, [-1], 30, [-1], [INF, -0.3, 1]),
    row("linear full rank", linear_full_rank, [1], 20, [-0.5]),
    row("hs1", hs1, [-2, 1], 2, [-INF, -1.5]),
    row("hs2", hs1, [-2, 1], 2, [-INF, 1.5]),
    row("hs3", hs3, [10, 1], 2, [-INF, 0]),
    row("hs4", hs4, [1.125, 0.125], 2, [1, 0]),
    row("hs5", mccormck, [0], 2, [-1.5, -3], [4, 3]),
    row("hs38", wood, [-3, -1], 4, [-10], [10]),
    row("hs45", hs45, [2], 5, [0], [1, 2, 3, 4, 5]),
    row("hs110", hs110, [9], 10, [2.001], [9.999]),
    row("camel6", camel6, [1.1], 2, [-3, -1.5], [3, 1.5]),
    row("mccormck", mccormck, [0], 50, [-1.5, -3], [4, 3]),
    row("hatflda", hatflda, [0.1], 4, [1e-7]),
    row("hatfldb", hatflda, [0.1], 4, [1e-7], [INF, 0.8, INF, INF]),
    row("hatfldc", hatfldc, [0.9], 25, [0], [10]),
    row("qudlin", qudlin, [1], 12, [0], [10]),
    row("biggsb1", biggsb1, [0], 50, [0], [0.9]),
    row("cvxbqp1", cvxbqp1, [0.5], 50, [0.1], [10]),
    row("ncvxbqp1", ncvxbqp1, [0.5], 50, [0.1], [10]),
    row("nonscomp", nonscomp, [3], 50, [-100, 1], [100]),
    row("explin", explin, [0], 50, [0], [10]),
    row("bdexp", bdexp, [1], 50, [0]),
    row("pentdi", pentdi, [1], 50, [0]),
    row("torsion", torsion, [0], 64, [-0.08], [0.08]),
    row("obstacle", obstacle, [1], 64, 0.02 * np.sin(np.arange(1, 65) * 0.7) ** 2, [2]),
    row("journal bearing", journal_bearing, [0.01], 64, [0]),
]


# Lower values, known otherwise, and what they say of SciPy's answer.
KNOWN = {
    "freudenstein roth": (0.0, "a local minimum; the global one is at (5, 4)"),
    "powell badly scaled": (1.5125936724e-10, "stops early: the valley is too flat for a reduction of 1e-14"),
}


def solve(formula, start, lower, upper):
    def f_and_g(x):
        steps = x + 1e-40j * np.eye(x.size)
        return float(formula(x)), np.array([formula(z).imag for z in steps]) / 1e-40

    bounds = np.stack([lower, upper], axis=1)
    start = np.clip(start, lower, upper)
    options = dict(maxcor=10, ftol=1e-14, gtol=1e-9, maxiter=2000, maxfun=15000, maxls=20)
    answer = minimize(f_and_g, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    best = min(minimize(f_and_g, start, jac=True, method=m, bounds=bounds).fun for m in ("TNC", "SLSQP"))
    return f_and_g(start)[0], answer, min(best, answer.fun)


def main():
    with open(pathlib.Path(__file__).with_name("answers.csv"), "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["problem", "n", "f_start", "f", "evaluations", "iterations", "status", "best", "note"])
        for name, formula, start, lower, upper in PROBLEMS:
            f_start, answer, best = solve(formula, start, lower, upper)
            # Where every variable is fixed SciPy evaluates once and reports neither status nor iterations.
            status = {0: "converged", 1: "limit", 2: "line search"}[answer.get("status", 0)]
            if name in KNOWN:
                best, note = KNOWN[name]
            elif answer.fun > best + 1e-8 * max(1, abs(best)):
                note = "a local minimum: another method finds a lower one"
            else:
                note = "stops early, in the line search" if status == "line search" else ""
            counts = answer.nfev, answer.get("nit", 0)
            out.writerow([name, start.size, repr(f_start), repr(float(answer.fun)), *counts, status, repr(float(best)), note])


main()

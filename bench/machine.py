"""The machine, the versions and where the built programs lie."""

import datetime
import importlib.metadata
import json
import os
import platform
import subprocess


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def programs():
    """The paths of our programs, built or not."""
    metadata = json.loads(output("cargo", "metadata", "--format-version", "1", "--no-deps"))
    folder = os.path.join(metadata["target_directory"], "debug")
    return {name: os.path.join(folder, name) for name in ("side_by_side", "szegedy-table1")}


def load():
    return f"{os.getloadavg()[0]:.2f}"


def processor():
    """Its name, where the system tells."""
    try:
        with open("/proc/cpuinfo") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def facts():
    """What a reader must know of the machine, in order."""
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "torch")}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "commit": output("git", "describe", "--always", "--dirty", "--exclude=*"),
        "processor": processor(),
        "cores": str(cores),
        "rustc": output("rustc", "--version").split()[1],
        "python": platform.python_version(),
        **versions,
        "load average before": load(),
    }

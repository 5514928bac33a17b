"""The machine, the versions and our programs."""

import datetime
import importlib.metadata
import json
import os
import platform
import subprocess


def output(*command):
    """What the command writes to its standard output."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def build():
    """Builds our programs; where each lies, by its name."""
    lines = output("cargo", "build", "-p", "bench", "-p", "experiments", "--quiet", "--message-format", "json-render-diagnostics")
    messages = [json.loads(line) for line in lines.splitlines()]
    return {message["target"]["name"]: message["executable"] for message in messages if message.get("executable")}


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
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "torch", "torchvision", "captum")}
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

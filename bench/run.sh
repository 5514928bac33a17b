#!/usr/bin/env bash
# Our speed beside SciPy's and PyTorch's: measures both sides in turns and renews bench/README.md and bench/results.csv.
# With --quick (about eight minutes) nothing is renewed: the tables go to bench/work/ and to the standard output.
# With --photographs only the attack on photographs is measured and renewed, with --learning only the training on small images.
set -euo pipefail
cd "$(dirname "$0")/.."

# fail MESSAGE: ends with one line.
fail() {
    printf 'error: %s\n' "$1" >&2
    exit 1
}

# The folder that holds mnist/, as the experiments look for it.
find_data() {
    local folder
    for folder in "${GLASSBOX_DATA:-}" ../shared/data data; do
        if [[ -n $folder && -d $folder/mnist ]]; then
            (cd "$folder" && pwd)
            return
        fi
    done
    fail "expected MNIST in \$GLASSBOX_DATA, ../shared/data or data, found none (just reproduce-table1 downloads it)"
}

# A Python with what bench/requirements.txt names: $GLASSBOX_BENCH_PYTHON, else one in bench/.venv, made if need be.
find_python() {
    local python=${GLASSBOX_BENCH_PYTHON:-bench/.venv/bin/python}
    if ! "$python" -c 'import captum, numpy, safetensors, scipy, torch, torchvision' 2>/dev/null; then
        [[ -z ${GLASSBOX_BENCH_PYTHON:-} ]] || fail "$python: expected a Python with bench/requirements.txt, found none"
        printf 'installing bench/requirements.txt into bench/.venv (about 3.5 GB)\n' >&2
        python3 -m venv bench/.venv >&2
        "$python" -m pip install --quiet -r bench/requirements.txt >&2
    fi
    printf '%s\n' "$python"
}

GLASSBOX_DATA=$(find_data)
export GLASSBOX_DATA PYTHONDONTWRITEBYTECODE=1
python=$(find_python)
"$python" bench/compare.py "$@"

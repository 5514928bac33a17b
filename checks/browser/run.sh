#!/bin/sh
# Opens the explorer and the report in a real browser and checks them; installs what is missing.
# checks/browser/run.sh [FILE.test.mjs …]: all tests, or these. GLASSBOX_EXPLORER, GLASSBOX_REPORT and GLASSBOX_CHROMIUM name what is opened and by what.
set -eu

started_in=$(pwd)
for name in GLASSBOX_EXPLORER GLASSBOX_REPORT; do
  eval "path=\${$name:-}"
  case $path in "" | /*) ;; *) export "$name=$started_in/$path" ;; esac
done
cd "$(dirname "$0")"

if ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
  echo "checks/browser/run.sh: expected Node.js 20 or later; install nodejs and npm" >&2
  exit 1
fi
if [ -z "${GLASSBOX_CHROMIUM:-}" ] && ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then
  echo "checks/browser/run.sh: expected a Chromium on the PATH; install the package chromium (Debian, Fedora, Arch, Homebrew), chromium-browser (Ubuntu) or Google Chrome, or name one by GLASSBOX_CHROMIUM" >&2
  exit 1
fi
if [ ! -d node_modules/playwright-core ] || [ ! -d node_modules/axe-core ]; then
  npm ci --no-audit --no-fund
fi

[ $# -gt 0 ] || set -- *.test.mjs
exec node --test --test-concurrency=1 --test-reporter=spec "$@"

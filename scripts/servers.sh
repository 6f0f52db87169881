#!/bin/sh
# Install what the real-server tests start themselves: Dovecot, Postfix, PostgreSQL. None is started or set up here.
# Where that is not possible the tests that need them are skipped, and counted loudly at the end of the run.
set -u

PATH="$PATH:/usr/sbin:/sbin"
missing=""
command -v dovecot >/dev/null || missing="$missing dovecot-imapd dovecot-lmtpd"
command -v postfix >/dev/null || missing="$missing postfix"
command -v openssl >/dev/null || missing="$missing openssl"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

complain() {
    echo "!!! NOT INSTALLED:$missing ($1); the tests that need them will be skipped" >&2
    exit 0
}
[ "$(id -u)" = 0 ] || complain "not root; type: sudo apt-get install --no-install-recommends$missing"
command -v apt-get >/dev/null || complain "no apt-get here"

# Debian starts a service as soon as it is installed, unless this file says no.
policy=/usr/sbin/policy-rc.d
ours=no
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy" && ours=yes
fi
trap '[ "$ours" = no ] || rm -f "$policy"' EXIT
export DEBIAN_FRONTEND=noninteractive
echo "installing$missing"
# shellcheck disable=SC2086
install() { apt-get install -y -qq --no-install-recommends --no-remove $missing >/dev/null; }
apt-get update -qq && install || complain "apt-get failed"

#!/bin/sh
# Sets up what `make run`, `make test` or `make bench` needs, and nothing that is there already.
# The one place that names system packages. Usage: requirements/setup.sh run|test|bench
set -eu
cd "$(dirname "$0")/.."
purpose=$1
python=${PYTHON:-python3}
venv=.venv

# use: the purpose and those that include it; works: how to tell that it is there. Looking for the thing
# itself, not for a package, because there are many ways to have it.
packages() {
    #   use   works                                       Debian               Fedora                    macOS
    need run   "library pango-1.0 0"                      libpango-1.0-0       pango                     pango
    need run   "library pangoft2-1.0 0"                   libpangoft2-1.0-0    pango                     pango
    need run   "library harfbuzz 0"                       libharfbuzz0b        harfbuzz                  harfbuzz
    need run   "library harfbuzz-subset 0"                libharfbuzz-subset0  harfbuzz                  harfbuzz
    need run   "$python -c 'import ensurepip, venv'"      python3-venv         python3                   python
    need test  "javac -version"                           default-jdk-headless java-latest-openjdk-devel openjdk
    need test  "test -e /usr/share/java/jaxb-runtime.jar" libjaxb-java         -                         -
    need test  "library atomic 1"                         libatomic1           libatomic                 -
    need test  "command -v pdftotext"                     poppler-utils        poppler-utils             poppler
    need test  "command -v gs"                            ghostscript          ghostscript               ghostscript
    need test  "command -v qpdf"                          qpdf                 qpdf                      qpdf
    need test  "command -v chromium || command -v chromium-browser || command -v google-chrome" \
                                                          chromium             chromium                  -
    need test  'test $(uname) = Darwin || command -v initdb || ls /usr/lib/postgresql/*/bin/initdb' \
                                                          postgresql           postgresql-server         -
    need test  "system command -v ippeveprinter"          cups-ipp-utils       cups-printerapp           -
    need test  "system command -v cupsd"                  cups                 cups                      -
    need test  "system command -v lpadmin"                cups-client          cups-client               -
    need test  "system command -v avahi-daemon"           avahi-daemon         avahi                     -
    need test  "system command -v dbus-daemon"            dbus                 dbus-daemon               -
    need test  "system command -v ip"                     iproute2             iproute                   -
}

need() {
    case "$purpose $1" in "run run" | "test run" | "test test" | bench*) ;; *) return 0 ;; esac
    eval "$2" >/dev/null 2>&1 && return 0
    for word in "debian $3" "fedora $4" "macos $5"; do
        list=${word% *} package=${word#* }
        eval "known=\${$list:-}"
        case " $known " in *" $package "*) continue ;; esac
        [ "$package" = - ] || eval "$list=\"\${$list:+\$$list }$package\""
    done
}

# Printers and their servers are tested on Linux alone; not everybody has their folder in PATH.
system() {
    test "$(uname)" = Darwin || PATH=$PATH:/usr/sbin:/sbin "$@"
}

# Printers and servers that are installed for tests are started by them, and by nothing else meanwhile.
without_starting() (
    policy=/usr/sbin/policy-rc.d
    if ! test -e "$policy"; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    "$@"
)

# Tests start a server of their own: Debian's package is to make none, and starts none then.
without_service() {
    conf=/etc/postgresql-common/createcluster.conf
    test -e "$conf" || { mkdir -p "${conf%/*}" && echo 'create_main_cluster = false' >"$conf"; }
}

library() {
    case "$(uname)" in
        Darwin) test -e "$(brew --prefix)/lib/lib$1.$2.dylib" ;;
        *) "$python" -c "import ctypes; ctypes.CDLL('lib$1.so.$2')" ;;
    esac
}

stop() {
    echo "$1" >&2
    exit 1
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    stop "Python 3.11 or newer is needed, and $python is not. Install it, or name another one: make PYTHON=python3.12"

if ! cmp -s requirements/setup.sh "$venv/system-$purpose"; then
    debian='' fedora='' macos=''
    packages
    if [ -n "$debian" ]; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "Installing system packages: $debian"
            export DEBIAN_FRONTEND=noninteractive
            log=$(mktemp)
            case " $debian " in *" postgresql "*) without_service ;; esac
            # shellcheck disable=SC2086
            { apt-get -q update && without_starting apt-get -q install -y --no-install-recommends $debian; } >"$log" 2>&1 </dev/null || {
                tail -n 20 "$log" >&2
                stop "apt-get could not install: $debian"
            }
            rm -f "$log"
            debian='' fedora='' macos=''
            packages
            [ -z "$debian" ] || stop "still missing after apt-get install: $debian"
        else
            stop "System packages are missing. Debian, Ubuntu: sudo apt-get install $debian. Fedora: sudo dnf install ${fedora:--}. macOS: brew install ${macos:--}. Then run make again."
        fi
    fi
fi

# The stamp comes last: a folder that was stopped half made, or whose Python is gone, is made anew.
if ! { test -e "$venv/made" && "$venv/bin/python" -c ''; } 2>/dev/null; then
    echo "Making $venv"
    rm -rf "$venv"
    "$python" -m venv "$venv"
    : >"$venv/made"
fi
cp requirements/setup.sh "$venv/system-$purpose"

install() {
    cmp -s "requirements/$1.lock" "$venv/$1.lock" && return 0
    echo "Installing Python packages: requirements/$1.lock"
    log=$(mktemp)
    "$venv/bin/python" -m pip install --disable-pip-version-check --no-input -q \
        --require-hashes --only-binary :all: -r "requirements/$1.lock" >"$log" 2>&1 </dev/null || {
        sed '/^WARNING: Location .* is ignored/d' "$log" | tail -n 20 >&2
        stop "pip could not install: requirements/$1.lock"
    }
    rm -f "$log"
    cp "requirements/$1.lock" "$venv/$1.lock"
    rm -f "$venv/compiled"
}

# test.lock holds all of run.lock, bench.lock only what it adds to test.lock.
case $purpose in
    run) cmp -s requirements/test.lock "$venv/test.lock" || install run ;;
    test) install test ;;
    bench) install test && install bench ;;
esac

# What is made of the program, its templates and the typesetter's declarations; without it, the first run makes it.
# What cannot be compiled is told by the run that needs it.
as_compiled() {
    test -e "$venv/compiled" && test -d briefing/__pycache__ && test -d templates/__pycache__ &&
        test -z "$(find briefing templates -name __pycache__ -prune -o -newer "$venv/compiled" -print | head -n 1)"
}
as_compiled || {
    export PYTHONDONTWRITEBYTECODE=
    {
        "$venv/bin/python" -m compileall -q briefing
        "$venv/bin/python" -m briefing.documents.html
        "$venv/bin/python" -m briefing.layout.typesetter
    } >/dev/null 2>&1 || :
    : >"$venv/compiled"
}

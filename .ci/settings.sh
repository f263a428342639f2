# Sourced by the scripts beside it: what pip must and must not see.
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export LC_ALL=C.UTF-8 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_PROGRESS_BAR=off
# Errors only: a newcomer is told what is installed, and not what pip thinks of this machine's
# pip.conf (index files that are not there). PIP_QUIET would add to what the checks say themselves.
QUIET=(--quiet --quiet)
# Nothing is written outside of the checkout.
export PIP_CACHE_DIR="${PIP_CACHE_DIR-$PWD/build/pip}"
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_USER PIP_REQUIRE_VIRTUALENV
if ((EUID == 0)); then export PIP_ROOT_USER_ACTION=ignore; fi

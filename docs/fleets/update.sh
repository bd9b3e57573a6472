#!/usr/bin/env bash
# What multi-gitter runs in each clone. With 0 it makes a pull request of what changed; with
# anything else it leaves the repository out, and lists it.
set -uo pipefail

app=${APP:-.}
# A repository without an app that is set up is none of our business.
[ -e "$app/.copier-answers.inngest.yml" ] || exit 0

redwood-inngest update --defaults --no-install "$app"
code=$?

case "$code" in
3) exit 0 ;; # nothing to do: nothing changed, so there is no pull request
4) echo "conflicts: update ${REPOSITORY:-this repository} by hand" >&2 ;;
esac
exit "$code"

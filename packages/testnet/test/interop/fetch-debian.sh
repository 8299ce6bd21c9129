#!/usr/bin/env bash
# Unpacks C2SP programs by others from Debian 13 (sigsum-witness and sigsum-key, spicy-litetlog) into a directory, without
# installing anything and without touching apt's own lists. They run on Debian 12 too.
#   fetch-debian.sh DIR && export DETENTE_INTEROP=DIR/usr/bin
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial"
# The mirror that this system uses already.
mirror=$(apt-get indextargets --format '$(SITE)' "Identifier: Packages" | grep -m 1 '/debian/*$')
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$dir/apt/sources.list"
options=(
  -o "Dir::Etc::sourcelist=$dir/apt/sources.list" -o "Dir::Etc::sourceparts=-"
  -o "Dir::State::lists=$dir/apt/lists" -o "Dir::Cache=$dir/apt/cache" -o "APT::Sandbox::User="
)
apt-get -qq "${options[@]}" update
(cd "$dir" && apt-get -qq "${options[@]}" download litetlog sigsum-go)
for package in "$dir"/*.deb; do dpkg -x "$package" "$dir"; done
rm -rf "$dir/apt" "$dir"/*.deb

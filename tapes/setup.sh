#!/bin/sh
# Installs what recording the tapes needs, and nothing that is there already:
#
#   tapes/setup.sh --check     say what is there and what is missing; change nothing; exit code 1 if something is missing
#   tapes/setup.sh             say what will be installed, and install it
#   tapes/setup.sh --dry-run   print the commands that would be run
#
# For `npm run tapes` (VHS):            vhs, ttyd, ffmpeg, and the font JetBrains Mono
# For `npm run tapes -- --player`:      chromium (or chrome), ffmpeg, and the font
#
# Debian and Ubuntu: apt-get (with sudo unless you are root), vhs with `go install` (Go 1.25 or newer), and ttyd, which not every release
# of Debian has, from its own releases into ~/.local/bin, if its checksum is the published one.
# macOS: Homebrew for everything.
set -u

mode=install
case "${1-}" in
  '') ;;
  --check) mode=check ;;
  --dry-run) mode=dry ;;
  *)
    echo "usage: tapes/setup.sh [--check | --dry-run]" >&2
    exit 2
    ;;
esac

# Where `go install` and this script put programs, which is often not on the PATH.
PATH="$PATH:$HOME/.local/bin"
if command -v go >/dev/null 2>&1; then
  PATH="$PATH:$(go env GOPATH)/bin"
fi

has() { command -v "$1" >/dev/null 2>&1; }
has_browser() { has chromium || has chromium-browser || has google-chrome || has google-chrome-stable || [ -d '/Applications/Google Chrome.app' ]; }
has_font() {
  if has fc-list; then [ -n "$(fc-list 'JetBrains Mono' 2>/dev/null | head -n 1)" ]; else
    ls "$HOME"/Library/Fonts/JetBrainsMono* /Library/Fonts/JetBrainsMono* >/dev/null 2>&1
  fi
}

missing=
report() { # name, what it is for, test...
  name=$1 purpose=$2
  shift 2
  if "$@"; then
    printf 'ok       %-9s %s\n' "$name" "$purpose"
  else
    printf 'missing  %-9s %s\n' "$name" "$purpose"
    missing="$missing $name"
  fi
}

report vhs 'records tapes' has vhs
report ttyd 'the terminal that vhs records' has ttyd
report ffmpeg 'makes GIF, MP4 and PNG' has ffmpeg
report browser 'draws the pictures' has_browser
report font 'JetBrains Mono' has_font

[ -n "$missing" ] || { echo 'Everything is there.'; exit 0; }
[ "$mode" != check ] || { echo "Missing:$missing. Run tapes/setup.sh to install."; exit 1; }

failed=
run() {
  echo "+ $*"
  [ "$mode" = dry ] || "$@"
}
as_root() { if [ "$(id -u)" = 0 ]; then run "$@"; else run sudo "$@"; fi; }
try() { # name, command...
  name=$1
  shift
  "$@" || failed="$failed $name"
}

TTYD=https://github.com/tsl0922/ttyd/releases/download/1.7.7
install_ttyd() {
  if apt-cache policy ttyd 2>/dev/null | grep -q 'Candidate: [0-9]'; then
    as_root apt-get install -y --no-install-recommends ttyd
    return
  fi
  file="ttyd.$(uname -m)"
  run mkdir -p "$HOME/.local/bin" || return
  (
    folder=$(mktemp -d) && cd "$folder" || exit
    trap 'rm -rf "$folder"' EXIT
    run curl -fsSLO "$TTYD/$file" && run curl -fsSLO "$TTYD/SHA256SUMS" || exit
    run sh -c "grep ' $file\$' SHA256SUMS | sha256sum -c -" || exit
    run install -m 755 "$file" "$HOME/.local/bin/ttyd"
  )
}

install_debian() {
  [ "$missing" = ' vhs' ] && has go || try apt as_root apt-get update
  for name in $missing; do
    case $name in
      ttyd) try ttyd install_ttyd ;;
      ffmpeg) try ffmpeg as_root apt-get install -y --no-install-recommends ffmpeg ;;
      browser) try browser as_root apt-get install -y --no-install-recommends chromium ;;
      font) try font as_root apt-get install -y --no-install-recommends fonts-jetbrains-mono ;;
      vhs)
        has go || try go as_root apt-get install -y --no-install-recommends golang-go
        # The version that the tapes were tried with, and its checksums, stand in tapes/vhs/go.mod and go.sum.
        try vhs run go -C "$(dirname "$0")/vhs" install tool
        ;;
    esac
  done
}

install_macos() {
  for name in $missing; do
    case $name in
      vhs | ttyd | ffmpeg) try "$name" run brew install "$name" ;;
      browser) try browser run brew install --cask chromium ;;
      font) try font run brew install --cask font-jetbrains-mono ;;
    esac
  done
}

if has brew; then
  install_macos
elif has apt-get; then
  install_debian
else
  echo "Neither apt-get nor brew is here. Install by hand:$missing (https://github.com/charmbracelet/vhs#installation)" >&2
  exit 1
fi

[ "$mode" != dry ] || exit 0
if [ -n "$failed" ]; then
  echo "Not installed:$failed. What failed is printed above." >&2
  exit 1
fi
echo 'Everything is installed. If vhs is not found, put the folder of `go env GOPATH` with /bin on your PATH.'

#!/bin/sh
# Keeps a copy of the notes for every day.
set -eu
day=$(date +%F)
mkdir -p backup
cp -r notes "backup/$day"

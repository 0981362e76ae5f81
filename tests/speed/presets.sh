#!/bin/sh
# Try settings of the methods (presets.toml) on simulated tissues that no table shows, another seed of the simulator, to
# choose those of the preset `fast`, and GIANT's pull, by Edges: the question that needs no truth and no donor left out.
#   sh tests/speed/presets.sh FOLDER    (bench on the path; goes on where it stopped)
# Then `bench leaderboard --out FOLDER` and `bench plot --kind epochs --out FOLDER`; results/presets.md has the choice.
set -e
export GENEARENA_DATA="$1/data"
for tissue in lung liver spleen; do
  [ -d "$GENEARENA_DATA/$tissue/other" ] ||
    bench data simulate --tissue $tissue --name other --modality scrna --seed 101
done
bench run "$(dirname "$0")/presets.toml" --out "$1"

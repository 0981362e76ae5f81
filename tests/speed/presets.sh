#!/bin/sh
# Try settings of the methods on simulated tissues that no table shows (another seed of the simulator), to choose those
# of the preset `fast`, and GIANT's pull, by Edges: the question that needs no truth and no donor left out.
#   sh tests/speed/presets.sh FOLDER    (bench on the path; goes on where it stopped)
# Then `bench leaderboard --out FOLDER` and `bench plot --figure epochs --out FOLDER`; results/presets.md has the choice.
set -e
out=$1
export GENEARENA_DATA="$out/data"
for tissue in lung liver spleen; do
  [ -d "$GENEARENA_DATA/$tissue/other" ] ||
    bench data simulate --tissue $tissue --name other --modality scrna --seed 101
done
try() { # METHOD SETTING VALUE...
  method=$1 setting=$2
  shift 2
  for value in "$@"; do
    bench run --tissue lung,liver,spleen --source other --seeds 2 --methods "$method" --set "$method.$setting=$value" \
      --out "$out"
  done
}
bench run --tissue lung,liver,spleen --source other --seeds 2 --methods consensus,stacked,pca --out "$out"
try giant pull 0.1 0.3 0.5 0.7 0.9
try gae epochs 12 25 50 100 200
try vgae epochs 25 50 100 200 400
try mae epochs 15 30 60 120
try wsmae epochs 20 40 75 150 300
try gene2vec epochs 1 2 5 10
try node2vec epochs 1 2 4
try giant epochs 1 3 6
try musegnn epochs 15 20 30 60 120
# the extra methods: fewer tissues and seeds, epochs and rates together
try_rate() { # METHOD EPOCHS RATE
  bench run --tissue lung,liver --source other --seeds 1 --methods "$1" --set "$1.epochs=$2" \
    --set "$1.learning_rate=$3" --out "$out"
}
for each in "25 1e-2" "50 5e-3" "100 1e-3" "100 5e-3"; do try_rate grace $each; done
for each in "20 5e-3" "50 5e-3" "100 5e-3" "100 1e-2" "150 5e-3"; do try_rate sugrl $each; done
for each in "30 1e-2" "60 1e-3" "60 2e-3" "60 5e-3" "60 1e-2" "60 2e-2"; do try_rate graphmae $each; done

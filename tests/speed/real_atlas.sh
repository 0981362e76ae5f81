#!/bin/sh
# Build the tasks of the atlas of real data and run everything on them, into FOLDER.
#   make atlas-real DATA=FOLDER_OF_THE_COUNTS      (goes on where it stopped)
# The cards of the data go to CARDS.
# The counts are public; results/real/README.md tells whose they are. None of them is part of this repository.
set -e
data=$1 out=$2 seeds=$3 cards=$4
export GENEARENA_DATA="$out/data"

add() { # TISSUE NAME FILE OPTION...
  tissue=$1 name=$2 file=$3
  shift 3
  [ -d "$GENEARENA_DATA/$tissue/$name" ] || bench data add "$data/$file" --tissue "$tissue" --name "$name" "$@"
}

cells_of() { # CONDITION: the barcodes of a drug trial's arm
  python - "$data/glioblastoma_lemur.h5ad" "$1" <<'PY'
import sys
import anndata
obs = anndata.read_h5ad(sys.argv[1], backed="r").obs
kept = obs[obs["condition"] == sys.argv[2]]
print("barcode,donor", *(f"{cell},{donor}" for cell, donor in kept["donor"].items()), sep="\n")
PY
}

add pbmc 3k pbmc3k_countsplit.h5ad \
    --licence "package countsplit (MIT), no terms of its own" --citation "10x Genomics, 3k PBMCs"
add pbmc 4k pbmc4k_soupx.h5ad \
    --licence "package SoupX (GPL-2), no terms of its own" --citation "10x Genomics, 4k PBMCs"
add pbmc donor-a pbmc_donorA_mudan.h5ad \
    --licence "package MUDAN (GPL-3), no terms of its own" --citation "10x Genomics, PBMCs of donor A"
add pbmc facs pbmc_facs_fasttopics.h5ad \
    --licence "package fastTopics (BSD-2), no terms of its own" --citation "Zheng 2017, doi:10.1038/ncomms14049"
add pbmc-kang kang pbmc_kang_muscat.h5ad --donor-key donor \
    --licence "package muscat (GPL-3), no terms of its own" --citation "Kang 2018, doi:10.1038/nbt.4042"
add lung-mouse zilionis mouse_lung_zilionis_cluey.h5ad --donor-key donor --condition-key Tissue --species mouse \
    --licence "package CLUEY (GPL-2), no terms of its own" --citation "Zilionis 2019, doi:10.1016/j.immuni.2019.03.009"
add pancreas baron pancreas_cider_hs_mm.h5ad --donor-key species --species-key species \
    --licence "package CIDER (MIT), no terms of its own" --citation "Baron 2016, doi:10.1016/j.cels.2016.08.011"
add breast meringue bcl_st.h5ad --donor-key donor --modality spatial \
    --licence "package MERINGUE (GPL-3), no terms of its own" --citation "Stahl 2016, doi:10.1126/science.aaf2403"
mkdir -p "$out"
for arm in ctrl panobinostat; do
  cells_of $arm > "$out/$arm.csv"
  add "glioblastoma-$arm" zhao glioblastoma_lemur.h5ad --barcodes "$out/$arm.csv" --donor-key donor --genes 300 --min-genes 20 \
    --licence "package lemur (MIT), no terms of its own" --citation "Zhao 2021, doi:10.1186/s13073-021-00894-y"
done

for tissue in pbmc-kang breast lung-mouse glioblastoma-ctrl glioblastoma-panobinostat pancreas pbmc; do
  bench run --tissue $tissue --seeds "$seeds" --out "$out"
done

mkdir -p "$cards"
for card in "$GENEARENA_DATA"/*/*/card.md; do
  source=$(dirname "$card")
  cp "$card" "$cards/$(basename "$(dirname "$source")").$(basename "$source").md"
done

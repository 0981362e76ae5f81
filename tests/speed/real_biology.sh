#!/bin/sh
# Ask the runs of the atlas of real data, in FOLDER, what they know of biology, and write the tables to TABLES.
#   make biology-real DATA=FOLDER_OF_THE_COUNTS SETS=FOLDER_OF_GENE_SETS      (after `make atlas-real`)
# results/biology/README.md tells whose counts and gene sets these are. None of them is part of this repository.
set -e
data=$1 sets=$2 out=$3 seeds=$4 tables=$5
export GENEARENA_DATA="$out/data"

sets_of() { # NAME SPECIES FILE OPTION...
  name=$1 species=$2 file=$3
  shift 3
  [ -e "$GENEARENA_DATA/_genesets/$name.json" ] || bench genesets add "$name" "$sets/$file" --species "$species" "$@"
}

asks() { # QUESTION TISSUE COMMAND... of the runs in $of
  question=$1 tissue=$2
  shift 2
  "$@" --out "$of" --tissue "$tissue" --format md --output "$tables/$question-$tissue.md"
}

sets_of go human go_bp_2020.gmt
sets_of go-later human go_bp_added_since_2024-03-28.gmt
sets_of kegg human kegg.gmt
sets_of trrust human trrust_rawdata.human.tsv
sets_of tfs human lambert2018.txt
sets_of go-mouse mouse go_bp_2020.gmt --orthologs "$sets/mouse_human_homologs.txt"

[ -d "$GENEARENA_DATA/glioblastoma/zhao" ] || bench data add "$data/glioblastoma_lemur.h5ad" --tissue glioblastoma \
  --name zhao --donor-key donor --condition-key condition --genes 300 --min-genes 20 \
  --licence "package lemur (MIT), no terms of its own" --citation "Zhao 2021, doi:10.1186/s13073-021-00894-y"
[ -d "$GENEARENA_DATA/pancreas-apart/baron" ] || bench data add "$data/pancreas_cider_hs_mm.h5ad" --tissue pancreas-apart \
  --name baron --donor-key species --species-key species --names-apart \
  --licence "package CIDER (MIT), no terms of its own" --citation "Baron 2016, doi:10.1016/j.cels.2016.08.011"
# no tasks of the atlas
bench run --tissue glioblastoma,pancreas-apart --seeds "$seeds" --out "$out/more"

mkdir -p "$tables"
of=$out
for sizes in "go pbmc" "kegg pbmc" "go-mouse lung-mouse"; do
  set -- $sizes
  asks "function-$1" "$2" bench function --genesets "$1" --ways knn,logistic,voting --min-size 20 --repeats 1
done
asks later pbmc bench function --genesets go --added go-later --ways logistic,voting --min-size 5 --repeats 1
asks regulators pbmc bench regulators --targets trrust --factors tfs --rows 10
asks clusters pbmc bench clusters --genesets go --rows 10
asks clusters lung-mouse bench clusters --genesets go-mouse --rows 10
asks contrast lung-mouse bench contrast --genesets go-mouse --rows 10
of=$out/more
asks species pancreas-apart bench species
asks contrast glioblastoma bench contrast --genesets go --rows 10

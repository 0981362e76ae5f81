"""What is fuzzed: a reader as commands call it, a sound file for it, and ways to damage that."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import inputs
import numpy as np
from bytes_damage import damage_bytes
from hdf5_damage import damage_hdf5
from json_damage import damage_json
from npz_damage import damage_npz
from scipy import sparse
from text_damage import damage_text

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.embeddings import read_embedding
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.submission.gene_vectors import per_graph
from genearena.benchmark.run.submission.merge import Merger
from genearena.benchmark.show.plots.loss import read_losses
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.benchmark.show.tables.terminal import to_terminal
from genearena.benchmark.show.tables.tidy import to_csv
from genearena.data.accessibility.gene_activity import ActivityOptions, gene_activity
from genearena.data.accessibility.gtf import read_genes
from genearena.data.genesets.gene_sets import membership
from genearena.data.genesets.store import GeneSetStore, Statement
from genearena.data.reading.gene_matching import match
from genearena.data.reading.gene_names import MeasuredGenes
from genearena.data.reading.ingest import ReadOptions, read_donors
from genearena.data.reading.renaming import (
    name_by_orthologs,
    name_by_symbols,
)
from genearena.data.reading.synonyms import Synonyms
from genearena.data.reading.vector_files import read_fixed_vectors, read_vectors
from genearena.data.store import Store
from genearena.data.tasks import find_task, load_task
from genearena.methods._scbert.checkpoint import published_network, read_checkpoint
from genearena.methods._scbert.positions import Table

Damage = Callable[[bytes, random.Random], bytes]


class NotUsable(Exception):
    """A file that a command names and passes over, which is no error."""


@dataclass(frozen=True)
class Target:
    """One reader.

    Parameters
    ----------
    file
        Where the damaged file goes, within the folder of the case.
    data
        A sound file.
    damages
        Ways to damage it; plain bytes always are among them.
    read
        Called with the folder; raises `NotUsable` for what is passed over.
    """

    file: str
    data: bytes
    damages: tuple[Damage, ...]
    read: Callable[[Path], object]
    beside: tuple[tuple[str, bytes], ...] = ()

    def damaged(self, rng: random.Random) -> bytes:
        """Return the file damaged as `rng` has it."""
        return rng.choice((damage_bytes, *self.damages, *self.damages))(self.data, rng)


def make_targets(shared: Path) -> dict[str, Target]:
    """Return every target, with the data they share stored in a folder."""
    inputs.store_graphs(shared / "data")
    data = shared / "data"
    return (
        _counts() | _accessibility() | _graphs(data) | _results(data) | _published() | _gene_sets()
    )


def _counts() -> dict[str, Target]:
    donors = ReadOptions("lung", donor_key="donor")
    layer = ReadOptions("lung", layer="more", gene_key="name")
    spatial = ReadOptions("lung", modality="spatial")
    csv = (("t.csv", inputs.csv()),)
    hdf5, text = (damage_hdf5,), (damage_text,)
    folder = {
        "matrix.mtx.gz": inputs.matrix(),
        "barcodes.tsv.gz": inputs.names("barcodes"),
        "features.tsv.gz": inputs.names("features"),
    }
    tenx = {
        f"10x {name}": Target(name, data, text, _donors("."), _others(folder, name))
        for name, data in folder.items()
    }
    section = ("filtered_feature_bc_matrix.h5", inputs.tenx_h5())
    kb = {f"cells_x_genes.{name}": data for name, data in inputs.cells_x_genes().items()}
    return tenx | {
        "kallisto mtx": Target(
            "cells_x_genes.mtx", kb["cells_x_genes.mtx"], text, _donors("."),
            _others(kb, "cells_x_genes.mtx"),
        ),
        "visium hd": Target(
            "spatial/tissue_positions.parquet", inputs.parquet_positions(), (),
            _donors(".", spatial), (section,),
        ),
        "h5ad": Target("t.h5ad", inputs.h5ad(), hdf5, _donors("t.h5ad", donors)),
        "h5ad layer": Target("t.h5ad", inputs.h5ad(), hdf5, _donors("t.h5ad", layer)),
        "10x h5": Target("t.h5", inputs.tenx_h5(), hdf5, _donors("t.h5")),
        "loom": Target("t.loom", inputs.loom(), hdf5, _donors("t.loom")),
        "csv": Target("t.csv", inputs.csv(), text, _donors("t.csv", donors)),
        "cell metadata": Target("m.csv", inputs.barcodes(), text, _described, csv),
        "visium": Target(
            "spatial/tissue_positions.csv", inputs.positions(), text, _donors(".", spatial),
            (section,),
        ),
        "gene names": Target("n.tsv", inputs.names_of_genes(), text, _named_by("n.tsv")),
    }  # fmt: skip


def _accessibility() -> dict[str, Target]:
    files = {
        "fragments.tsv.gz": inputs.fragments(),
        "genes.gtf": inputs.gtf(),
        "cells.csv": inputs.barcodes(),
    }

    def read(at: Path) -> object:
        where = {"cells": at / "cells.csv"}
        return gene_activity(at / "fragments.tsv.gz", at / "genes.gtf", promoter=50, **where)

    targets = {
        name: Target(name, data, (damage_text,), read, _others(files, name))
        for name, data in files.items()
    }
    exons = Target("e.gtf", inputs.exons(), (damage_text,), lambda at: read_genes(at / "e.gtf"))
    return targets | {"exons.gtf": exons}


def _graphs(data_dir: Path) -> dict[str, Target]:
    place = Path(inputs.TISSUE, inputs.SOURCE)
    folder = data_dir / place
    files = {
        str(place / path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")
    }
    npz = next(name for name in files if name.endswith("000.npz"))
    card = str(place / "card.json")

    def read(at: Path) -> object:
        find_task(inputs.TISSUE, source=inputs.SOURCE, folder=at)
        load_task(inputs.TISSUE, source=inputs.SOURCE, folder=at)
        return [Store(at).text(card) for card in Store(at).cards(inputs.TISSUE)]

    return {
        "graph npz": Target(npz, files[npz], (damage_npz,), read, _others(files, npz)),
        "graph card": Target(card, files[card], (damage_json,), read, _others(files, card)),
    }


def _results(data_dir: Path) -> dict[str, Target]:
    graphs = load_task(inputs.TISSUE, source=inputs.SOURCE, folder=data_dir)
    run_id, record, vectors = inputs.run_files(data_dir)
    record_file, vector_file = f"records/{run_id}.json", f"embeddings/{run_id}.h5ad"

    def merge(at: Path) -> object:
        merger = Merger(ResultStore(at / "out"), "other", data_dir, rescore=False)
        return [_merged(decision) for decision in merger.merge(at)]

    def own(at: Path) -> object:
        return read_embedding(at / vector_file, graphs), _losses(at)

    def place(at: Path, suffix: str) -> object:
        return per_graph(read_vectors(at / f"v.{suffix}"), graphs)

    hdf5 = (damage_hdf5,)
    handed_in = {"h5ad": hdf5, "npz": (damage_npz,), "csv": (damage_text,)}
    targets = {
        f"submission {suffix}": Target(
            f"v.{suffix}", inputs.submission(graphs, suffix), damages, partial(place, suffix=suffix)
        )
        for suffix, damages in handed_in.items()
    }
    beside, about = ((vector_file, vectors),), ((record_file, record),)
    return targets | {
        "record": Target(record_file, record, (damage_json,), _tables),
        "merged record": Target(record_file, record, (damage_json,), merge, beside),
        "merged vectors": Target(vector_file, vectors, hdf5, merge, about),
        "own vectors": Target(vector_file, vectors, hdf5, own, about),
    }


def _published() -> dict[str, Target]:
    """Return what methods read of files that were made elsewhere."""

    def match_all(at: Path, name: str, table: str | None = None) -> object:
        synonyms = Synonyms() if table is None else Synonyms.read(at / table)
        return match(read_fixed_vectors(at / name), inputs.GENES, synonyms)

    def scbert(at: Path) -> object:
        state = read_checkpoint(at / "c.pth")
        return published_network(state), Table.of_checkpoint(state, at / "genes.txt")

    checkpoint = inputs.checkpoint()
    text, genes = inputs.fixed_vectors("txt"), "".join(f"{g}\n" for g in inputs.GENES).encode()
    hdf5, of_text, kinds = (damage_hdf5,), (damage_text,), ("txt", "tsv", "npz", "parquet", "h5ad")
    damages = dict(zip(kinds, (of_text, of_text, (damage_npz,), (), hdf5), strict=True))
    targets = {
        f"vectors {kind}": Target(
            f"v.{kind}", inputs.fixed_vectors(kind), damages[kind],
            partial(match_all, name=f"v.{kind}"),
        )
        for kind in kinds
    }  # fmt: skip
    folder = {f"hub/{name}": data for name, data in inputs.hub().items()}
    of_hub = ((damage_npz,), of_text, (damage_json,))
    targets |= {
        name: Target(name, data, damage, partial(match_all, name="hub"), _others(folder, name))
        for (name, data), damage in zip(folder.items(), of_hub, strict=True)
    }
    return targets | {
        "synonyms": Target(
            "n.tsv", inputs.synonyms(), of_text, partial(match_all, name="v.txt", table="n.tsv"),
            (("v.txt", text),),
        ),
        "scbert positions": Target(
            "p.txt", text, of_text, lambda at: Table.of_text(at / "p.txt", inputs.GENES)
        ),
        "scbert genes": Target("genes.txt", genes, of_text, scbert, (("c.pth", checkpoint),)),
        "scbert checkpoint": Target("c.pth", checkpoint, (), scbert, (("genes.txt", genes),)),
    }  # fmt: skip


def _gene_sets() -> dict[str, Target]:
    names = inputs.GENES
    gmt = "".join(f"S{i}\tsome\t{chr(9).join(names[i : i + 5])}\n" for i in range(5))
    rows = "".join(f"{gene},S{i % 3}\n" for i, gene in enumerate(names))
    marks = "".join(f"{gene},{i % 2},{i % 3 % 2}\n" for i, gene in enumerate(names))
    said = Statement("human")
    with TemporaryDirectory() as folder:
        file = Path(folder, "sets.gmt")
        file.write_text(gmt)
        stored = GeneSetStore(Path(folder)).add(file, "sets", said).model_dump_json().encode()

    def add(at: Path, name: str) -> object:
        return GeneSetStore(at).add(at / name, "sets", said, replace=True)

    def ask(at: Path) -> object:
        return membership(GeneSetStore(at).get("sets"), names, fewest=1)

    files = {
        "sets.gmt": gmt,
        "pairs.csv": f"gene,set\n{rows}",
        "marks.csv": f"gene,S1,S2\n{marks}",
    }
    read = {
        f"gene sets {name}": Target(name, text.encode(), (damage_text,), partial(add, name=name))
        for name, text in files.items()
    }
    entities = ("entities.csv", "\n".join(("symbol", *names)).encode())
    outcomes = "\n".join(("p,q", *(f"{i % 2},{i % 3 % 2}" for i in range(len(names)))))
    read["gene sets outcomes.csv"] = Target(
        "outcomes.csv", outcomes.encode(), (damage_text,), partial(add, name=""), (entities,)
    )
    return read | {"stored gene sets": Target("_genesets/sets.json", stored, (damage_json,), ask)}


def _tables(at: Path) -> None:
    scan = ResultStore(at).scan()
    if not scan.records:
        raise NotUsable
    boards = build_leaderboards(scan.records)
    text = to_terminal([task_sheet(board) for board in boards]) + to_csv(boards)
    if any(c not in "\n" and not c.isprintable() for c in text):
        raise AssertionError(f"hidden characters in {text!r}")


def _losses(at: Path) -> object:
    store = ResultStore(at)
    return [read_losses(store, record) for record in store.records()]


def _merged(decision: object) -> None:
    if getattr(decision, "verdict", "") == "refused":
        raise NotUsable


def _donors(name: str, options: ReadOptions | None = None) -> Callable[[Path], object]:
    chosen = options or ReadOptions("lung", activity=ActivityOptions())
    return lambda at: read_donors(at / name, "own", chosen)


def _described(at: Path) -> object:
    options = ReadOptions("lung", donor_key="donor", cells=at / "m.csv")
    return read_donors(at / "t.csv", "own", options)


def _named_by(name: str) -> Callable[[Path], object]:
    genes = MeasuredGenes(inputs.GENES, sparse.csr_array(inputs.counts()), np.zeros(12, bool))
    return lambda at: (name_by_symbols(genes, at / name), name_by_orthologs(genes, at / name))


def _others(files: dict[str, bytes], name: str) -> tuple[tuple[str, bytes], ...]:
    return tuple((other, data) for other, data in files.items() if other != name)

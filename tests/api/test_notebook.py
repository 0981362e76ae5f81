"""What a notebook shows, executed by a kernel where there is one."""

import re

import pytest

pytest.importorskip("ipykernel")
nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")


@pytest.mark.slow
def test_a_notebook_shows_bars_tables_and_figures(tmp_path, monkeypatch, data_dir):
    """A bar that redraws its output, tables as HTML, a picture where axes are the last value."""
    cells = [
        "%matplotlib inline\nimport genearena as ga",
        f"graphs = ga.datasets.load('lung', 'tiny', data_dir={str(data_dir)!r})\ngraphs",
        "vectors = ga.tl.embed(graphs, 'gae', epochs=5)",
        "ga.tl.neighbors(vectors, graphs.common_genes[0])",
        "ga.pl.umap(vectors);",
        f"ga.run('lung', 'pca,random', 1, source='tiny', data_dir={str(data_dir)!r})",
    ]
    monkeypatch.chdir(tmp_path)
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(book, timeout=600).execute()
    kinds = [
        {kind for output in cell.outputs for kind in output.get("data", {})} for cell in book.cells
    ]
    assert "text/html" in kinds[1]
    (bar,) = book.cells[2].outputs
    assert re.search("gae.*loss", bar["data"]["text/plain"], re.S)
    assert "text/html" in kinds[3]
    assert "image/png" in kinds[4]
    assert "text/html" in kinds[5]

"""Wrong requests and full disks are one line, with the exit code that fits."""

import resource
import subprocess

import pytest
from tiny_task import BENCH, SOURCE

from genearena.benchmark import cli


@pytest.fixture
def call(monkeypatch, capsys, tmp_path, data_dir):
    """Call ``bench`` in this process; return exit code and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENEARENA_DATA", str(data_dir))

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["bench", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code, capsys.readouterr().err

    return run


RUN = ("run", "--tissue", "lung", "--source", SOURCE, "--seeds", 1)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("run", "--tissue", "lumg", "--seeds", 1), 2, "did you mean 'lung'"),
        ((*RUN, "--methods", "pcaa"), 2, "unknown method 'pcaa'; did you mean 'pca'?"),
        ((*RUN, "--metrics", "edge_acu"), 2, "unknown metric 'edge_acu'; did you mean 'edge_auc'"),
        ((*RUN, "--methods", "nowhere:Method"), 2, "'nowhere:Method' cannot be imported"),
        (("run", "--tissue", "lung", "--seeds", "some"), 2, "cannot read seeds 'some'"),
        ((*RUN, "--dim", 500), 1, "--dim"),
        (("run", "--tissue", "lung", "--source", "mine"), 2, "mine"),
        (("leaderboard",), 2, "bench run"),
        ((*RUN, "--methods", ""), 2, "--methods '' names nothing"),
        ((*RUN, "--metrics", ","), 2, "--metrics ',' names nothing"),
        (("run", "--tissue", ""), 2, "--tissue '' names nothing"),
        (("run", "--tissue", "lung", "--seeds", ""), 2, "cannot read seeds '' (--seeds)"),
        (("run", "--tissue", "lumg,all", "--dry-run"), 2, "did you mean 'lung'"),
    ],
)
def test_a_wrong_request_is_one_line(call, arguments, code, message):
    """Usage errors exit with 2, failures with 1; nobody sees a traceback."""
    exit_code, text = call(*arguments)
    assert exit_code == code, text
    assert message in text
    assert text.startswith("Error: ")
    assert text.count("\n") == 1
    assert "Traceback" not in text


def test_debug_shows_where_an_error_comes_from(call):
    """The traceback is there for those who ask."""
    _, text = call("--debug", *RUN, "--methods", "pcaa")
    assert "Traceback" in text
    assert "Error: unknown method" in text


def test_a_results_folder_that_is_a_file_is_named(call, tmp_path):
    """The run stops before any training."""
    (tmp_path / "results").write_text("")
    code, text = call(*RUN, "--methods", "pca")
    assert code == 1
    assert "cannot read results folder results" in text
    assert "--out" in text


def test_a_full_disk_stops_the_run_and_keeps_what_is_stored(data_dir, tmp_path):
    """The limit falls between a record and the larger file of vectors: one clear line."""
    command = [
        *BENCH, *map(str, RUN), "--methods", "pca", "--metrics", "cgr", "--data-dir", str(data_dir),
    ]  # fmt: skip

    def allow_small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    done = subprocess.run(
        command, cwd=tmp_path, preexec_fn=allow_small_files, capture_output=True, text=True
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: cannot write results/embeddings/lung.pca.s0.")
    assert "File too large" in last
    assert "Traceback" not in done.stderr
    assert not [path for path in (tmp_path / "results").rglob("*") if path.is_file()]

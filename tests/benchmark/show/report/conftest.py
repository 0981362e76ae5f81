"""One report of made-up results, shared by its tests."""

import pytest

from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.report.page import report_page

EVIL = "</script><img src=x onerror=document.title='broken'>"


@pytest.fixture(scope="session")
def results(tmp_path_factory, make_records, make_record):
    """Two tissues; one method has a hostile name, one record is replaced, one file damaged."""
    folder = tmp_path_factory.mktemp("report")
    store = ResultStore(folder)
    records = make_records("lung", n_seeds=4) + make_records("liver", n_seeds=2)
    scores = {"edge_auc": 0.5, "asw": 0.4}
    evil = make_record(EVIL, scores, params={EVIL: EVIL})
    # a run id is a file name
    records.append(evil.model_copy(update={"run_id": "evil"}))
    records.append(make_record("late", {}, status="failed", reason=EVIL))
    records.append(make_record("pca:released", dict.fromkeys(scores, 0.3)))
    older = {"created": "2023-05-01T10:00:00+00:00"}
    records.append(make_record("gae", scores, suite_version="0.0.1", **older))
    records.append(make_record("gae", scores, fingerprint="0ld", **older))
    for record in records:
        store.write(record)
    (folder / "records" / "broken.json").write_text("{")
    return store


@pytest.fixture(scope="session")
def page(results):
    """The report's HTML."""
    return report_page(results, results.scan())

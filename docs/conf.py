"""The site: `make docs` builds it from docs/, results/ and CONTRIBUTING.md, without a network."""

import os
import tempfile
from pathlib import Path

from genearena import __version__

ROOT = Path(__file__).resolve().parents[1]

project = "GeneArena"
author = "The GeneArena developers"
project_copyright = author
version = release = __version__

# sources are those of the whole repository, so that links work there as on the site
root_doc = "docs/index"
include_patterns = ["docs/**.md", "results/*.md", "CONTRIBUTING.md", "CHANGELOG.md"]
PARTS = ("leaderboard", "multimodal", "preset-paper", "real", "biology", "reproduced")
include_patterns += [f"results/{part}/*.md" for part in PARTS]
exclude_patterns = [".*", "docs/_build", "tests", "**/__pycache__"]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
myst_heading_anchors = 3

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 300
nb_merge_streams = True
nb_render_markdown_format = "myst"
# neither what tutorials store nor how their kernel is set up is a user's
SCRATCH = Path(tempfile.mkdtemp())
(SCRATCH / "profile_default").mkdir()
(SCRATCH / "profile_default" / "ipython_kernel_config.py").write_text(
    "get_config().IPKernelApp.log_level = 'ERROR'"
)
os.environ["IPYTHONDIR"] = str(SCRATCH)
os.environ["GENEARENA_DATA"] = str(SCRATCH / "data")
# whose numbers metrics.md shows
os.environ["GENEARENA_TABLE"] = str(ROOT / "results" / "leaderboard" / "leaderboard.csv")

autosummary_generate = False
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
python_maximum_signature_line_length = 80
napoleon_google_docstring = False
napoleon_custom_sections = ["Returns"]  # prose: types are in the signature

nitpicky = True
nitpick_ignore_regex = [
    # of other packages, whose inventories are on the network
    (
        "py:class",
        r"(collections|numpy|pathlib|scipy)\..*|AnnData|Axes|Data|DataFrame|Graph|NoneType"
        r"|FieldInfo|[GL][et]",
    ),
    # which nobody makes or takes apart
    ("py:class", r"Origin|.*\.(_Number|NewDonor|RunRecord)"),
]

html_theme = "sphinx_book_theme"
html_title = "GeneArena"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sourcelink = False
html_sidebars = {"**": ["navbar-logo.html", "search-button-field.html", "sbt-sidebar-nav.html"]}
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "navbar_persistent": [],
    "show_toc_level": 2,
}


TITLES = {
    "tables": "Leaderboards",
    "statistics": "Statistics",
    "paper": "The paper's metrics",
    "counts": "Metrics that count",
}


def entitle(_, page, source):
    """Put a title above what commands write, which begins with a heading of level 2."""
    if page.startswith("results/") and source[0].startswith("## "):
        folder, _, name = page.removeprefix("results/").rpartition("/")
        first, _, rest = name.partition("-")
        other = (
            f"{first.capitalize()}: {rest}" if folder == "biology" else f"Table {rest} on {first}"
        )
        source[0] = f"# {TITLES.get(name, other)}\n\n{source[0]}"


def lead(app, error):
    """Lead from the site's root to its first page, which is in docs/."""
    if not error:
        page = '<meta http-equiv="refresh" content="0; url=docs/index.html">\n'
        (Path(app.outdir) / "index.html").write_text(page)


def setup(app):
    """Tell Sphinx of both."""
    app.connect("source-read", entitle)
    app.connect("build-finished", lead)

"""The documentation site, which `make site` builds into build/site; it asks the network for nothing."""

import shutil
from pathlib import Path

import marchland

HERE = Path(__file__).parent

# Notebooks are kept beside the documents and stored without output; the site runs them.
shutil.rmtree(HERE / "notebooks", ignore_errors=True)
shutil.copytree(HERE.parent / "notebooks", HERE / "notebooks", ignore=shutil.ignore_patterns("*.md", ".*"))

project = "marchland"
author = "The marchland contributors"
copyright = author  # noqa: A001 - Sphinx's name
version = release = marchland.__version__
html_title = f"marchland {version}"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["*.py", "man"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
suppress_warnings = [
    "myst.xref_missing"
]  # links out of the documents; docs/check_site.py looks at every link

html_theme = "furo"
html_show_sphinx = False
html_copy_source = False
html_last_updated_fmt = None

autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_ipywidgets_js = {}  # they would be fetched from elsewhere

"""Notebooks run from top to bottom, and are stored without what they print.

Outputs are left out so that a change of the data or of a library cannot make a stored figure wrong without
anyone noticing: the site runs each notebook and shows what it gives, and this test runs them too. Numbers in
the prose are checked by cells that assert them.
"""

import pytest

from .conftest import ROOT

nbclient = pytest.importorskip("nbclient", reason="needs the notebooks extra, which dev has")
nbformat = pytest.importorskip("nbformat")

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


def read(name):
    return nbformat.read(ROOT / "notebooks" / name, as_version=4)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs(name, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = read(name)
    client = nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    said = [out for cell in notebook.cells for out in cell.get("outputs", []) if out.get("name") == "stderr"]
    assert said == [], "a reader would see a warning"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_stored_bare_and_checks_its_prose(name):
    nbformat.validate(notebook := read(name))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell for cell in code if cell.outputs or cell.execution_count]
    assert any(line.startswith("assert ") for cell in code for line in cell.source.splitlines())
    assert notebook.cells[0].source.startswith("# ")
    assert notebook.metadata.kernelspec.name == "python3"


def test_the_index_names_every_notebook():
    index = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert [name for name in NOTEBOOKS if name not in index] == []

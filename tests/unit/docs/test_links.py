"""Every link within the documents leads somewhere."""

import pytest

from tests.unit.docs.documents import DOCUMENTS, ROOT, anchors, links, name

EVERYTHING = [(path, target) for path in DOCUMENTS for target in links(path)]


@pytest.mark.parametrize(
    ("path", "target"), EVERYTHING, ids=[f"{name(path)} {target}" for path, target in EVERYTHING]
)
def test_linked_file_and_heading_exist(path, target):
    file, _, heading = target.partition("#")
    linked = (path.parent / file).resolve() if file else path

    assert linked.exists()
    assert not heading or heading in anchors(linked)


def test_every_document_is_in_an_index():
    indexes = ("README.md", "README.zh.md", "docs/README.md", "docs/decisions/README.md")
    listed = {
        (path.parent / target.partition("#")[0]).resolve()
        for path in map(ROOT.joinpath, indexes)
        for target in links(path)
    }

    missing = {name(path) for path in DOCUMENTS if path not in listed}
    assert missing == set()

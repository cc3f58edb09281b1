"""Every template that a campaign has, as Word files to be edited: documents and letters."""

from collections.abc import Iterator

from build_scripts.documents.document_kinds import named
from build_scripts.documents.docx_writer import letter_template, template
from build_scripts.documents.letter_templates import LETTERS, PROGRESS
from checklist.model import Campaign


def built_in_templates(campaign: Campaign) -> Iterator[tuple[str, str, bytes]]:
    """Yield key, name and content of each; the key is the file's name."""
    for kind, each in named(campaign).items():
        yield kind, each.name, template(kind, campaign)
    if campaign.inspection:
        for kind, letter in LETTERS.items():
            if kind in PROGRESS:
                continue  # among the documents
            yield kind, letter.name, letter_template(kind, campaign)

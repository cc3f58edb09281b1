"""The end of a document: no signature on a page without text (GB/T 9704-2012, 7.3.5)."""

from typing import Any

from build_scripts.documents.gbt9704 import name_in_word

_SIGNATURE = name_in_word("署名")


def keep_signature_with_text(document: Any) -> None:
    """Keep each signature on one page with its date and with the end of the text before it."""
    before: list[Any] = []
    for paragraph in document.paragraphs:
        if paragraph.style.name == _SIGNATURE:
            for each in (*before, paragraph):
                each.paragraph_format.keep_with_next = True
        # Blank lines are kept with what follows; the last paragraph with words is kept with them.
        before = [paragraph] if paragraph.text.strip() else [*before, paragraph]

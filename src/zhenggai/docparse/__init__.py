"""Documents understood: file → :class:`Document` → :class:`Draft`.

    read_document(path)      bytes of any supported format to a Document   (readers/)
    understand(document)     a Document to a Draft                          (understand/)
    read_draft(path)         both

Plain Python: no Django, no settings, no clock, no network.
"""

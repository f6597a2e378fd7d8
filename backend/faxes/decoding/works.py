"""What children do, by name. `forkserver` runs it; `children` asks for it."""

# name of the work → module and function, by the server that loads them before its first fork. The engines' models
# take half of a child's memory, so files from outside are opened where they are not loaded.
WORKS = {
    "opening": {
        "decode": ("backend.faxes.decoding.opening", "open_pages"),
        "text_layer": ("backend.faxes.reading.text_layer", "page_layers"),
        "checkboxes": ("backend.faxes.reading.checkboxes", "page_boxes"),
        "marks": ("backend.faxes.reading.marks", "page_marks"),
    },
    "recognising": {"ocr": ("backend.faxes.reading.ocr", "read_page")},
}
SERVER_OF = {work: server for server, works in WORKS.items() for work in works}

"""What kind of document each page is, and which pages belong to one patient."""

from backend.faxes.sorting.kinds import kind_of
from backend.faxes.sorting.segments import segments_of, sort_pages

__all__ = ["kind_of", "segments_of", "sort_pages"]

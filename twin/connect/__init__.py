"""Getting a business's records in: files, names of columns, and a report of what was found."""

from twin.connect.ingest import IngestReport, ingest
from twin.connect.mapping import Mapping, read_mapping
from twin.store import Check

__all__ = ["Check", "IngestReport", "Mapping", "ingest", "read_mapping"]

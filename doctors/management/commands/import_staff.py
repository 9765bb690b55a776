"""Bring in a list of doctors and pharmacists."""

from doctors.management.importing import Importing


class Command(Importing):
    help = (
        "Bring in doctors and pharmacists from CSV or XLSX: accounts, posts, licences to be "
        "approved. The same file twice changes nothing. Sign-in links: add_staff --again."
    )
    kind = "staff"

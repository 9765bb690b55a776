"""Bring in a list of departments."""

from doctors.management.importing import Importing


class Command(Importing):
    help = "Bring in departments, known by their code, from CSV or XLSX. None is ever removed."
    kind = "departments"

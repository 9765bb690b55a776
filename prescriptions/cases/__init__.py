"""Decision cases: one prescription question as JSON, read strictly and answered canonically.

Pharmacists try a rule with it, testers replay the law, managers replay yesterday under tomorrow's
policy. `read` makes a proposal of it, `case_of` makes it of a proposal, `answer` writes the line.
"""

from prescriptions.cases.answering import answer
from prescriptions.cases.files import Document, documents
from prescriptions.cases.problems import Malformed, Problem
from prescriptions.cases.reading import read
from prescriptions.cases.writing import case_of

__all__ = ["Document", "Malformed", "Problem", "answer", "case_of", "documents", "read"]

"""Judges decision cases, one answer a line; reads reference data only and writes nothing."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from prescriptions.cases import Document, Malformed, Problem, answer, documents, read
from prescriptions.rules import decide


class Command(BaseCommand):
    help = "试方：按现行规则判断处方案例。Judge decision cases; exits 2 when one is malformed."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="CASE.json", help="“-” 读取标准输入")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        found = [document for file in files for document in _documents(file)]
        judged = [self._judge(document) for document in found]
        if not all(judged):
            sys.exit(2)

    def _judge(self, document: Document) -> bool:
        """Print the answer, or everything that kept the case from being judged."""
        try:
            if document.problem:
                raise Malformed((document.problem,))
            proposal = read(document.content)
        except Malformed as malformed:
            for problem in malformed.problems:
                self.stderr.write(f"{document.place}: {problem}")
            return False
        self.stdout.write(answer(decide(proposal), document.content.get("name", "")))
        return True


def _documents(file: str) -> Iterator[Document]:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        yield from documents(file, raw.decode("utf-8-sig"))
    except OSError as error:
        yield Document(file, problem=Problem("", f"无法读取文件：{error.strerror}"))
    except UnicodeDecodeError:
        yield Document(file, problem=Problem("", "文件不是 UTF-8 编码"))

"""What the two commands share: look, say every bad cell, and run to the end where one may."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from doctors import selectors, services
from doctors.models import Import
from hospital.accounts.models import User
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

_EVERY = 100  # rows between two lines of progress


class Importing(BaseCommand):
    kind: ClassVar[str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="CSV or XLSX")
        parser.add_argument("--dry-run", action="store_true", help="say what is wrong, do nothing")
        parser.add_argument(
            "--by", default="", help="of medical affairs: in whose name licences are handed in"
        )
        parser.add_argument(
            "--resume", type=UUID, metavar="ID", help="go on with an import that was cut short"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            sheet = self._known(options) if options["resume"] else self._new(options)
            if sheet is not None:
                self._run(sheet)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _new(self, options: dict[str, Any]) -> Import | None:
        if options["file"] is None:
            raise CommandError("请写明文件，或 --resume。Name a file, or --resume.")
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"读不了这个文件。The file cannot be read: {error}") from error
        seen = services.look(self.kind, data, at=database_now())
        for finding in seen.findings:
            self.stdout.write(f"第 {finding.row} 行 row  {finding.column}  {finding.says}")
        if seen.findings:
            raise CommandError(
                f"{len(seen.findings)} 处要改，没有导入任何一行。"
                f"{len(seen.findings)} cells to mend; nothing was imported."
            )
        added, changed, same = (seen.counted(each) for each in ("add", "change", "keep"))
        self.stdout.write(f"新增 to add {added}  更新 to change {changed}  不变 unchanged {same}")
        if options["dry_run"]:
            return None
        at, by = database_now(), self._submitter(options["by"])
        name = options["file"].name
        return services.keep_import(seen, by=by, at=at, name=name, by_command=True)

    def _known(self, options: dict[str, Any]) -> Import:
        sheet = Import.objects.filter(public_id=options["resume"], kind=self.kind).first()
        if sheet is None:
            raise CommandError("没有这次导入。There is no such import.")
        if sheet.state not in ("confirmed", "running"):
            raise CommandError(f"现在是“{sheet.face.label}”，不能继续。It is {sheet.state}.")
        return sheet

    def _submitter(self, username: str) -> User | None:
        if not username:
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError("没有这个账号。There is no such account.")
        return user

    def _run(self, sheet: Import) -> None:
        self.stdout.write(f"导入编号 import {sheet.public_id}")
        before = selectors.counted(sheet)["waiting"]

        def told(done: int) -> None:
            if done % _EVERY == 0:
                self.stdout.write(f"{sheet.rows - before + done} / {sheet.rows}")
                self.stdout.flush()

        while not services.run_import(sheet.pk, at=database_now(), told=told):
            before = selectors.counted(sheet)["waiting"]
        counted = selectors.counted(sheet)
        for row in selectors.failed_rows(sheet):
            self.stdout.write(f"第 {row.number} 行 row  {row.why}")
        self.stdout.write(
            f"完成 done  新增 added {counted['added']}  更新 changed {counted['changed']}"
            f"  不变 unchanged {counted['same']}  没有导入 failed {counted['failed']}"
        )

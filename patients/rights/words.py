"""Headings that many sections share."""

from typing import Final

from django.utils.translation import gettext_lazy

AT: Final = gettext_lazy("时间")
NAME: Final = gettext_lazy("名称")

"""How every table stands in the back office: read-mostly, per role, through the access table."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest

from hospital.kernel import access


class Looking(ModelAdmin[Any]):
    """A table that may be looked at by whoever holds `access`, and changed by nobody here."""

    access = ""
    list_per_page = 50
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.backend().admits(request.user, self.access) is not None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

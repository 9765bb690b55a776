"""How every table stands in the back office: read-mostly, per role, through the access table."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin, ShowFacets, TabularInline
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from admin_portal.listing import KeysetList
from admin_portal.shown import column
from hospital.kernel import access


class _NobodyWrites:
    """Nothing is added, changed or deleted in the admin: services do that."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _Called:
    """Columns bear the words of `admin_portal.words`; what has its own words keeps them."""

    def called(self, columns: Sequence[Any]) -> tuple[Any, ...]:
        own = (each if self._has_words(each) else column(self.model, each) for each in columns)
        return tuple(own)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.columns

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.columns

    def _has_words(self, each: Any) -> bool:
        return callable(each) or hasattr(self, each)

    model: type[Model]
    columns: tuple[Any, ...]


class Looking(_Called, _NobodyWrites, ModelAdmin[Any]):
    """A table that may be looked at by whoever holds `access`, and changed by nobody here.

    `shows` names every column that is shown: an encrypted one never stands there. `search_fields`
    are compared whole, never in part; no other column can be asked about.
    """

    access: ClassVar[str] = ""
    shows: ClassVar[Sequence[Any]] = ()
    related: ClassVar[Sequence[str]] = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    actions = None
    ordering = ("-pk",)
    sortable_by = ()
    search_help_text = _("按完整的编号查找。")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.related)

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[KeysetList]:
        return KeysetList

    def __init__(self, model: type[Model], admin_site: Any) -> None:
        super().__init__(model, admin_site)
        self.list_display = self.called(self.list_display)
        self.columns = self.called(self.shows)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only the filters that are shown; they take their own parameters out before this."""
        return any(lookup == getattr(each, "parameter_name", "") for each in self.list_filter)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = Q(pk__in=[])
        for path in self.search_fields:
            field = get_fields_from_path(self.model, path)[-1]
            try:
                found |= Q(**{path: field.to_python(search_term.strip())})
            except ValidationError:
                continue
        return queryset.filter(found), False

    def get_urls(self) -> list[Any]:
        """The list and one row; none of the addresses that write."""
        place = f"{self.opts.app_label}_{self.opts.model_name}"
        kept = {f"{place}_changelist", f"{place}_change"}
        return [each for each in super().get_urls() if each.name in kept]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.backend().admits(request.user, self.access) is not None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class Rows(_Called, _NobodyWrites, TabularInline[Any, Any]):
    """Rows shown within the thing they belong to, to whoever sees that."""

    template = "admin/rows.html"
    extra = 0
    can_delete = False
    show_change_link = False
    shows: ClassVar[Sequence[Any]] = ()
    related: ClassVar[Sequence[str]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.related)

    def __init__(self, parent_model: type[Model], admin_site: Any) -> None:
        super().__init__(parent_model, admin_site)
        self.columns = self.called(self.shows)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

"""Lists of the back office page by key, count nothing, and filter by nothing but what is shown."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hospital.kernel.lifecycle import Lifecycle
from hospital.web.faces import label_of

AFTER: Final = "after"


class KeysetList(ChangeList):
    """The newest first; `?after=` is the key of the last row of the page before."""

    older = newest = ""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.title = str(self.opts.verbose_name_plural)

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        kept = super().get_filters_params(params)
        return {name: value for name, value in kept.items() if name != AFTER}

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """By key alone; `?o=` is not listened to."""
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        rows = self.queryset
        if after := request.GET.get(AFTER):
            rows = rows.filter(pk__lt=self._key(after))
            self.newest = self.get_query_string(remove=[AFTER])
        found = list(rows[: self.list_per_page + 1])
        self.result_list = found[: self.list_per_page]
        if len(found) > self.list_per_page:
            self.older = self.get_query_string({AFTER: self.result_list[-1].pk})
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = True

    def _key(self, text: str) -> Any:
        try:
            return self.lookup_opts.pk.to_python(text)
        except ValidationError as error:
            raise IncorrectLookupParameters(error) from error


class Words(SimpleListFilter):
    """A filter over a column of a few known words."""

    words: ClassVar[Mapping[str, str | Promise]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return list(self.words.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        column, value = str(self.parameter_name), self.value()
        return queryset.filter(**{column: value}) if value in self.words else queryset


def by_words(
    column: str, title: str | Promise, words: Mapping[str, str | Promise]
) -> type[SimpleListFilter]:
    return type("By", (Words,), {"title": title, "parameter_name": column, "words": dict(words)})


def by_state(lifecycle: Lifecycle) -> type[SimpleListFilter]:
    """A filter over the states of a lifecycle, called as people call them."""

    class ByState(Words):
        title = _("状态")
        parameter_name = "state"

        def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
            return [(str(state), label_of(face)) for state, face in lifecycle.faces.items()]

    ByState.words = {str(state): face.label for state, face in lifecycle.faces.items()}
    return ByState


YES_OR_NO: Final = {"True": _("是"), "False": _("否")}

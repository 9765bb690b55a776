"""How every form of the platform looks: label above, 必填 in words, error below with an icon.

`{{ form.phone.as_field_group }}` renders one field, `{{ form }}` all of them. Django sets
`aria-describedby` and `aria-invalid`; the template gives them something to point at.
"""

from typing import Any, Final

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

_BARE: Final = {"hidden", "checkbox", "radio", "file"}


class Renderer(TemplatesSetting):
    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        widget = context.get("widget")
        if widget is not None and widget.get("type") not in _BARE:
            widget["attrs"].setdefault("class", "input")
        return super().render(template_name, context, request)

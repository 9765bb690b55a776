"""How people were trained and assessed: looked at and recorded by medical affairs."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_portal.admin.rights import Beginning
from admin_portal.listing import YES_OR_NO, by_words
from admin_portal.site import site
from doctors import selectors, services
from doctors.models import Training
from hospital.accounts.models import User
from hospital.kernel.normalise import folded
from hospital.kernel.refusals import Refused

POSTS = {"doctor": gettext_lazy("医生"), "pharmacist": gettext_lazy("药师")}


class TrainingForm(forms.Form):
    """One training or assessment of whom the staff number names."""

    staff = forms.CharField(label=gettext_lazy("工号"), max_length=64)
    post = forms.ChoiceField(label=gettext_lazy("岗位"), choices=list(POSTS.items()))
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Training.Kind.choices)
    topic = forms.CharField(label=gettext_lazy("内容"), max_length=80)
    on = forms.DateField(
        label=gettext_lazy("日期"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    score = forms.IntegerField(
        label=gettext_lazy("分数"),
        required=False,
        min_value=0,
        max_value=Training.HIGHEST_SCORE,
        help_text=gettext_lazy("0 到 100；考核必填。"),
    )
    is_passed = forms.BooleanField(label=gettext_lazy("合格"), required=False)

    def begin(self, *, by: User, at: datetime) -> None:
        given = dict(self.cleaned_data)
        username = folded(given.pop("staff")).strip()
        user = User.objects.filter(username=username).first()
        who = selectors.clinician_of(user, given.pop("post")) if user else None
        if who is None:
            raise Refused(_("没有这个工号的医生或药师，请核对。"), code="staff-unknown")
        services.record_training(who, **given, by=by, at=at)


@admin.register(Training, site=site)
class Trainings(Beginning):
    access = "admin.training"
    related = ("clinician__department", "by")
    list_display = ("clinician", "department", "kind", "topic", "on", "score", "is_passed")
    list_filter = (
        by_words("kind", gettext_lazy("类型"), dict(Training.Kind.choices)),
        by_words("is_passed", gettext_lazy("合格"), YES_OR_NO),
    )
    search_fields = ("clinician__name", "clinician__user__username")
    search_help_text = gettext_lazy("按完整的姓名或工号查找。")
    shows = (
        "clinician",
        "department",
        "kind",
        "topic",
        "on",
        "score",
        "is_passed",
        "recorder",
        "at",
    )
    begin_access = "admin.training.record"
    begin_label = gettext_lazy("记录培训或考核")
    begin_says = gettext_lazy(
        "本人会收到通知。记下以后不能改，写错时另记一条。考核不合格需要停止执业的，请到资质页面暂停。"
    )
    begin_form = TrainingForm

    @admin.display(description=gettext_lazy("科室"))
    def department(self, training: Training) -> str:
        return training.clinician.department.name

    @admin.display(description=gettext_lazy("记录的人"))
    def recorder(self, training: Training) -> Any:
        return training.by.name

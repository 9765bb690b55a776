"""What the outpatient office reads in a paper of another hospital."""

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_portal.forms import ReasonForm


class PaperForm(ReasonForm):
    code = forms.CharField(
        label=_("诊断编码（ICD-10）"), max_length=16, help_text=_("按病历上的诊断，从目录里选。")
    )
    institution = forms.CharField(label=_("医院名称"), max_length=80)
    visited_on = forms.DateField(
        label=_("就诊日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

"""What clinicians fill in about their licences. The forms check shape; `services` decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doctors.models import Clinician, Paper, Privilege, Right
from doctors.services import Filing, Insurance


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CredentialForm(forms.Form):
    """A licence, as it stands on the certificates."""

    qualification_no = forms.CharField(
        label=_("医师资格证书编码"), max_length=40, help_text=_("27 位，早年的为 24 位。")
    )
    practice_no = forms.CharField(
        label=_("医师执业证书编码"), max_length=40, help_text=_("15 位数字。")
    )
    institution = forms.CharField(label=_("执业机构"), max_length=80)
    scope = forms.CharField(label=_("执业范围"), max_length=80)
    independent_since = forms.DateField(
        label=_("独立临床工作起"),
        widget=_day(),
        help_text=_("在线看病的医师须独立临床工作 3 年以上。"),
    )
    valid_until = forms.DateField(label=_("有效期至"), widget=_day())
    id_number = forms.CharField(
        label=_("本人身份证号"), max_length=30, help_text=_("只填一次，加密保存，用来核对证书。")
    )
    subject_code = forms.CharField(
        label=_("诊疗科目代码"),
        max_length=20,
        required=False,
        help_text=_("像 03.04；不填就按所在科室。"),
    )
    filing_no = forms.CharField(
        label=_("多机构执业备案编号"),
        max_length=40,
        required=False,
        help_text=_("注册在其他机构的医师必填，下面三个日期也要填。"),
    )
    filing_from = forms.DateField(label=_("备案开始"), widget=_day(), required=False)
    filing_until = forms.DateField(label=_("备案结束"), widget=_day(), required=False)
    consented_on = forms.DateField(label=_("执业注册机构同意日期"), widget=_day(), required=False)
    insurer = forms.CharField(
        label=_("医疗责任保险公司"),
        max_length=80,
        required=False,
        help_text=_("没有投保就都不填。"),
    )
    policy_no = forms.CharField(label=_("保单号"), max_length=60, required=False)
    insured_from = forms.DateField(label=_("保险开始"), widget=_day(), required=False)
    insured_until = forms.DateField(label=_("保险结束"), widget=_day(), required=False)

    def given(self) -> dict[str, Any]:
        """As `services.submit_credential` takes it."""
        told = dict(self.cleaned_data)
        filing = Filing(
            number=told.pop("filing_no", ""),
            starts_on=told.pop("filing_from", None),
            ends_on=told.pop("filing_until", None),
            consented_on=told.pop("consented_on", None),
        )
        insurance = Insurance(
            insurer=told.pop("insurer"),
            policy_no=told.pop("policy_no"),
            starts_on=told.pop("insured_from"),
            ends_on=told.pop("insured_until"),
        )
        return told | {"filing": filing, "insurance": insurance}

    @classmethod
    def for_(cls, clinician: Clinician, *args: Any, **kwargs: Any) -> "CredentialForm":
        """The form with the words of the clinician's own certificates."""
        form = cls(*args, **kwargs)
        if clinician.id_number:
            del form.fields["id_number"]
        if clinician.kind == "pharmacist":
            for name in ("filing_no", "filing_from", "filing_until", "consented_on"):
                del form.fields[name]
            words = {
                "qualification_no": _("药学专业技术资格证书编号"),
                "practice_no": _("岗位证书编号"),
            }
            for name, label in words.items():
                form.fields[name].label = label
                form.fields[name].help_text = _("6 到 32 位字母和数字。")
            form.fields["independent_since"].label = _("从事审方工作起")
            form.fields["independent_since"].help_text = ""
        return form


class PaperForm(forms.Form):
    """One picture or PDF beside a licence."""

    kind = forms.ChoiceField(label=_("哪一种材料"), choices=Paper.Kind.choices)
    file = forms.FileField(
        label=_("照片或 PDF"),
        help_text=_("手机拍照即可，最大 10 MB。"),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf", "class": "input"}
        ),
    )


class PrivilegeForm(forms.Form):
    """A privilege that is asked for."""

    kind = forms.ChoiceField(label=_("申请哪一项权限"))
    tier = forms.ChoiceField(
        label=_("抗菌药物级别"),
        required=False,
        help_text=_("只在申请抗菌药物处方权时选。"),
    )
    starts_on = forms.DateField(label=_("从哪天起"), widget=_day())
    ends_on = forms.DateField(label=_("到哪天为止"), widget=_day())
    ground = forms.CharField(
        label=_("依据"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如培训和考核的名称、日期。"),
    )

    @classmethod
    def for_(cls, clinician: Clinician, *args: Any, **kwargs: Any) -> "PrivilegeForm":
        """With the privileges of the clinician's own profession."""
        form = cls(*args, **kwargs)
        of_a_pharmacist = clinician.kind == "pharmacist"
        kinds: Any = form.fields["kind"]
        kinds.choices = [
            each for each in Privilege.Kind.choices if (each[0] == "review") == of_a_pharmacist
        ]
        if of_a_pharmacist:
            del form.fields["tier"]
        else:
            tiers: Any = form.fields["tier"]
            tiers.choices = [("", "—"), *(each for each in Right.choices if each[0] != "none")]
        return form

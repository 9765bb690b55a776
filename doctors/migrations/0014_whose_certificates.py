"""The certificates that are there already get their fingerprints.

A doctor's long certificate tells the identity number of its holder. What two people should have
handed in both stays without a fingerprint at the second of them: medical affairs have to look.
"""

from typing import Any

from django.db import migrations

from hospital.kernel import ciphers, identity

LONG = 27


def forward(apps: Any, _editor: Any) -> None:
    clinicians = apps.get_model("doctors", "Clinician").objects
    credentials = apps.get_model("doctors", "Credential").objects
    owners: dict[str, int] = {}
    rows = credentials.exclude(state="refused").select_related("clinician").order_by("pk")
    for each in rows.iterator():
        indexes = {
            f"{name}_index": ciphers.fingerprint(
                getattr(each, f"{name}_no"), purpose=f"doctors.credential.{name}_index"
            )
            for name in ("qualification", "practice")
        }
        user = each.clinician.user_id
        if all(owners.setdefault(index, user) == user for index in indexes.values()):
            credentials.filter(pk=each.pk).update(**indexes)
        number = _inside(each)
        if number and owners.setdefault(number, user) == user:
            holder = clinicians.get(pk=each.clinician_id)
            holder.id_number = number
            holder.save(update_fields=["id_number"])
            index = ciphers.fingerprint(number, purpose="doctors.clinician.id_number_index")
            clinicians.filter(pk=holder.pk).update(id_number_index=index)


def _inside(credential: Any) -> str:
    number = credential.qualification_no
    of_a_doctor = credential.clinician.kind == "doctor" and credential.state != "submitted"
    return identity.normalise(number[-18:]) if of_a_doctor and len(number) == LONG else ""


class Migration(migrations.Migration):

    dependencies = [("doctors", "0013_papers_and_filings")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]

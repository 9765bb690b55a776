"""The mirror of the hospital's system, for IT: how far it has come, what it could not take over."""

from django.contrib import admin

from admin_portal.base import Looking
from admin_portal.site import site
from hospital.his.models import Cursor, Quarantined, Stock


@admin.register(Cursor, site=site)
class Cursors(Looking):
    access = "admin.his"
    list_display = ("resource", "since", "pulled_at", "error")
    shows = ("resource", "since", "pulled_at", "error")


@admin.register(Quarantined, site=site)
class QuarantinedTable(Looking):
    access = "admin.his"
    list_display = ("public_id", "at", "resource", "fhir_id", "why")
    search_fields = ("public_id", "fhir_id")
    shows = ("public_id", "at", "resource", "fhir_id", "why")


@admin.register(Stock, site=site)
class Stocks(Looking):
    access = "admin.his.stock"
    list_display = ("drug", "packs", "updated_at", "pulled_at")
    search_fields = ("drug", "fhir_id")
    shows = ("drug", "packs", "fhir_id", "version", "updated_at", "pulled_at")

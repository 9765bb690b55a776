from django.urls import path

from hospital.home import pages

app_name = "home"
urlpatterns = [
    path("", pages.first, name="first"),
    path("doctor/", pages.doctor, name="doctor"),
    path("pharmacist/", pages.pharmacist, name="pharmacist"),
    path("me/", pages.me, name="me"),
]

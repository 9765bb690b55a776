"""Bare Django: sessions and users as its tutorial has them, and the same two empty answers.

Its session and its user cost a query each; everything that we add is what is measured.
"""

import os

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from hospital.kernel import env

SECRET_KEY = "bench" * 12
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.bench.bare"
DATABASES = (
    {"default": env.database("BARE_DATABASE_URL") | {"CONN_MAX_AGE": None}}
    if "BARE_DATABASE_URL" in os.environ
    else {}
)
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def page(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    return HttpResponse("<!doctype html><title>empty</title>")


def door(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    return JsonResponse({})


urlpatterns = [path("empty/", page), path("api/v1/empty", door)]

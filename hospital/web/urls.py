from django.urls import path

from hospital.web import pages

app_name = "web"
urlpatterns = [
    path("size/", pages.size, name="size"),
    path("language/", pages.language, name="language"),
    path("gallery/", pages.gallery, name="gallery"),
    path("robots.txt", pages.robots, name="robots"),
]

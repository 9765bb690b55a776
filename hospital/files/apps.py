from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "hospital.files"
    label = "files"
    verbose_name = "文件"

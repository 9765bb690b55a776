"""Every setting of the platform, from the environment, top to bottom.

`DEPLOYMENT=demo` (what `bin/run` uses) or `production`; DEBUG is off in both. Production refuses
to start with simulators, demonstration data or weak keys (`hospital/accounts/checks.py`).
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from hospital.kernel import env

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DEPLOYMENT = env.choice("DEPLOYMENT", "demo", ("demo", "production"))
PRODUCTION = DEPLOYMENT == "production"
DEBUG = False

DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".data")))
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000")
SIMULATORS_URL = env.text("SIMULATORS_URL", "" if PRODUCTION else "http://127.0.0.1:8001")
HOSPITAL_NAME = env.text("HOSPITAL_NAME", "示范大学第三医院")
HOSPITAL_PHONE = env.text("HOSPITAL_PHONE", "010-0000 0000")

# --- keys ------------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY")
FIELD_KEYS_FILE = env.text("FIELD_KEYS_FILE", str(DATA_DIR / "secrets" / "field_keys.json"))
FIELD_CIPHER = env.choice("FIELD_CIPHER", "aes", ("aes", "sm4"))

# --- the trail: its tree, who signs it, and where its heads are kept outside the database -------
AUDIT_HASH = env.choice("AUDIT_HASH", "sha256", ("sha256", "sm3"))  # of a tree that begins
AUDIT_SIGNER = env.text("AUDIT_SIGNER", "audit.signing.KeyFile")
AUDIT_KEY_FILE = env.text(
    "AUDIT_KEY_FILE", "" if PRODUCTION else str(DATA_DIR / "secrets" / "audit_key.pem")
)
AUDIT_ANCHOR_DIR = env.text("AUDIT_ANCHOR_DIR", str(DATA_DIR / "anchors"))

# --- who serves whom -------------------------------------------------------------------------
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS", PUBLIC_URL)
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)  # how many of our own stand in front
# From where the back office may be opened (8.1.4.4c); empty is anywhere, which production refuses.
ADMIN_NETWORKS = env.networks("ADMIN_NETWORKS")
OUTWARD_HOSTS = env.listing("OUTWARD_HOSTS", SIMULATORS_URL.partition("//")[2])

# --- rooms -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "csp",
    "django_htmx",
    "guardian",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "hospital.web",
    "audit",
    "hospital.notifications",
    "hospital.accounts",
    "hospital.files",
    "hospital.policy",
    "hospital.his",
    "hospital.payments",
    "patients",
    "doctors",
    "hospital.consultations",
    "prescriptions",
    "hospital.regulator",
    "hospital.home",
    "admin_portal",
    "django.contrib.admin.apps.SimpleAdminConfig",  # below our own templates of its pages
]
if not PRODUCTION:
    INSTALLED_APPS.append("hospital.demo")
REFERENCE = ["doctors.reference", "prescriptions.reference"]  # `load_reference`, in this order
ROOT_URLCONF = "hospital.urls"
WSGI_APPLICATION = "hospital.wsgi.application"
ASGI_APPLICATION = "hospital.asgi.application"
SOCKETS = "hospital.routing.sockets"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "hospital.web.headers.Headers",
    "hospital.kernel.malformed.Malformed",
    "hospital.kernel.terminals.Terminals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hospital.web.language.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hospital.accounts.middleware.Sitting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hospital.kernel.gate.Gate",
    "hospital.kernel.idempotency.Once",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "hospital.web.templatetags.web"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hospital.web.context.page",
                "hospital.home.context.menu",
            ],
        },
    }
]
FORM_RENDERER = "hospital.web.forms.Renderer"

# --- PostgreSQL: three roles, see docs/decisions ---------------------------------------------
_LIMITS = "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s"
_CONNECTION = {
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {"connect_timeout": 3, "options": _LIMITS, "application_name": "hospital"},
}
DATABASES = {
    "default": env.database("DATABASE_URL") | _CONNECTION,  # runtime
    "trail": env.database("DATABASE_AUDITOR_URL") | _CONNECTION,  # auditor
}
if env.text("DATABASE_OWNER_URL", ""):  # only where somebody migrates
    DATABASES["owner"] = env.database("DATABASE_OWNER_URL")
DATABASE_ROUTERS = ["hospital.kernel.roles.Router"]
ATOMIC_REQUESTS = False

# --- Redis: broker and hints; nothing that must not be lost ----------------------------------
REDIS_URL = env.secret("REDIS_URL")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "hospital.kernel.layers.Layer",
        "CONFIG": {
            # The layer waits in Redis for 5 s at a time, as long as redis-py waits for an answer;
            # with equal limits an idle socket would be broken by its own patience.
            "hosts": [{"address": REDIS_URL, "socket_timeout": 15, "socket_connect_timeout": 2}],
            "prefix": env.text("REDIS_PREFIX", "hospital"),
        },
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env.text("REDIS_PREFIX", "hospital") + ":",
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "visibility_timeout": 600,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 120, 180
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_TASK_SERIALIZER, CELERY_ACCEPT_CONTENT = "json", ["json"]
CELERY_BEAT_SCHEDULE = {
    "drain the feeds": {"task": "audit.drain_all", "schedule": timedelta(seconds=5)},
    "seal the trail": {
        "task": "audit.seal",
        "schedule": timedelta(seconds=2),
        "options": {"expires": 10},  # a late one is no better than the next
    },
    "watch for alarms": {"task": "audit.watch", "schedule": timedelta(seconds=10)},
    "sweep accounts": {"task": "accounts.sweep", "schedule": timedelta(minutes=1)},
    "sweep consultations": {"task": "consultations.sweep", "schedule": timedelta(seconds=20)},
    "count the doctors' public figures": {
        "task": "consultations.recount",
        "schedule": crontab(hour=4, minute=15),
    },
    "end licences and privileges": {"task": "doctors.sweep", "schedule": crontab(minute=1)},
    "purge what is past its term": {
        "task": "patients.purge",
        "schedule": crontab(hour=3, minute=15),
    },
    "end links that are over": {
        "task": "patients.sweep_links",
        "schedule": crontab(minute="1-59/5"),
    },
    "end papers that are past their day": {
        "task": "patients.sweep_evidence",
        "schedule": crontab(hour=0, minute=5),
    },
    "sweep copies": {"task": "patients.sweep_exports", "schedule": timedelta(minutes=1)},
    "sweep imports": {"task": "doctors.sweep_imports", "schedule": timedelta(minutes=1)},
    "sweep files": {"task": "files.sweep", "schedule": timedelta(hours=6)},
    "end what lets somebody in to a record": {
        "task": "patients.sweep_access",
        "schedule": timedelta(seconds=10),
    },
    "sweep bills": {"task": "patients.sweep_bills", "schedule": timedelta(seconds=10)},
    "sweep payments": {"task": "payments.sweep", "schedule": timedelta(seconds=10)},
    "sweep prescriptions": {"task": "prescriptions.sweep", "schedule": timedelta(minutes=1)},
    "upload to the supervision platform": {
        "task": "regulator.upload",
        "schedule": timedelta(seconds=10),
    },
    "pull from the hospital system": {"task": "his.pull", "schedule": timedelta(minutes=1)},
}
CELERY_TIMEZONE = "Asia/Shanghai"

# --- identity --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "hospital.accounts.backends.Accounts",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: nobody is a user without an account
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"hospital.accounts.passwords.{name}"}
    for name in ("Length", "Classes", "NotGuessable", "NotCommon", "NotMonotonous")
]
PASSWORD_CONTEXT_WORDS = env.listing(
    "PASSWORD_CONTEXT_WORDS",
    "hospital,internet,yiyuan,yisheng,yaoshi,doctor,admin,password,mima,welcome,changeme,demo",
)
PASSWORDS_REMEMBERED = 5  # of which none may be taken again
ACTIVATION_HOURS = 24
UNUSED_DAYS = 90  # then an account of staff is closed (8.1.4.2 c)
IDENTITY_CHECK = env.text("IDENTITY_CHECK", "hospital.accounts.identity.SecondFactor")
LOGIN_URL = "/sign-in/"
SESSION_ENGINE = "hospital.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-sid" if PRODUCTION else "sid"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hospital.web.errors.csrf"
SESSION_LIMITS = {  # idle, absolute
    "patient": (timedelta(minutes=30), timedelta(hours=12)),
    "staff": (timedelta(minutes=15), timedelta(hours=8)),
}
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SITTINGS_AT_ONCE = 3  # of one member of staff; the oldest ends (8.1.4.1 b)
PASSWORD_DAYS = 90  # then a new one first, before any other page (8.1.4.1 a)
CODE_MINUTES = 5  # how long a texted code is valid
# Carriers rest a cancelled number for about ninety days before they give it out again, so nobody
# who got one can have been silent for less.
RECALL_AFTER_DAYS = env.integer("RECALL_AFTER_DAYS", 90)

ACCESS_BACKEND = "hospital.accounts.admission.Admission"
REFUSAL_WITNESS = "audit.services.witness"
IDEMPOTENCY_STORE = "hospital.accounts.idempotency.Keys"

# --- transport and headers -------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_SOCKETS = PUBLIC_URL.replace("http", "ws", 1)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, _SOCKETS],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "hospital.files.limits.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
VIRUS_SCANNER = env.address("VIRUS_SCANNER") if env.text("VIRUS_SCANNER", "") else None  # clamd
FILE_BYTES = 10 * 1024 * 1024  # one upload
FORM_FILES_BYTES = 40 * 1024 * 1024  # all files of one form
FILES_A_DAY, FILE_BYTES_A_DAY = 100, 200 * 1024 * 1024  # of one account

# --- JSON doors ------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["hospital.kernel.callers.SameSiteSession"],
    "DEFAULT_PERMISSION_CLASSES": ["hospital.kernel.callers.PastTheGate"],
    "DEFAULT_PARSER_CLASSES": ["hospital.kernel.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "hospital.kernel.schema.Described",
    "EXCEPTION_HANDLER": "hospital.kernel.http.refuse_politely",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "互联网医院 Internet hospital",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "OAS_VERSION": "3.1.0",
    "SERVE_PERMISSIONS": ["hospital.kernel.callers.PastTheGate"],
    "POSTPROCESSING_HOOKS": ["hospital.kernel.schema.describe_refusals"],
}

# --- language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "hospital" / "web" / "locale"]
LANGUAGE_COOKIE_NAME = "lang"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- static and private files ----------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hospital.web.storage.Statics"},
}
WHITENOISE_MAX_AGE = 3600

# --- partners at the world's edge ------------------------------------------------------------
SMS_URL = env.text("SMS_URL", f"{SIMULATORS_URL}/sms/send")
SMS_KEY = env.secret("SMS_KEY", "" if PRODUCTION else "demo-sms-key")
WECHATPAY_URL = env.text("WECHATPAY_URL", SIMULATORS_URL or "https://api.mch.weixin.qq.com")
WECHATPAY_KEYS = env.text("WECHATPAY_KEYS", str(DATA_DIR / "wechatpay"))  # a folder
WECHATPAY_CASHIERS = env.listing("WECHATPAY_CASHIERS", SIMULATORS_URL or "https://wx.tenpay.com")
COURIER_URL = env.text("COURIER_URL", f"{SIMULATORS_URL}/courier")
COURIER_KEY = env.secret("COURIER_KEY", "" if PRODUCTION else "demo-courier-key")
COURIER_NAME = env.text("COURIER_NAME", "" if PRODUCTION else "示范速运有限公司")
COURIER_CONTACT = env.text("COURIER_CONTACT", "" if PRODUCTION else "010-0000 0001")
SIGNING_ADAPTER = env.text("SIGNING_ADAPTER", "prescriptions.signing.Local")  # or a CA's
HIS_URL = env.text("HIS_URL", f"{SIMULATORS_URL}/fhir")
# Who confirms that name and number belong together; without an address nobody does.
REAL_NAME_URL = env.text("REAL_NAME_URL", SIMULATORS_URL and f"{SIMULATORS_URL}/realname/v1/checks")
REAL_NAME_KEY = env.secret("REAL_NAME_KEY", "" if PRODUCTION else "demo-realname-key")
REAL_NAME = env.text(
    "REAL_NAME", f"patients.gateways.{'Service' if REAL_NAME_URL else 'NoService'}"
)

# The supervision platform; the hospital's own identifiers (统一社会信用代码, 医疗机构登记号).
REGULATOR_URL = env.text("REGULATOR_URL", f"{SIMULATORS_URL}/regulator/v1/messages")
REGULATOR_KEY = env.secret("REGULATOR_KEY", "" if PRODUCTION else "demo-regulator-key")
REGULATOR_APP_ID = env.text("REGULATOR_APP_ID", "internet-hospital")
REGULATOR_ORG_CODE = env.text("REGULATOR_ORG_CODE", "" if PRODUCTION else "12110000400000001X")
REGULATOR_REG_NO = env.text("REGULATOR_REG_NO", "" if PRODUCTION else "PDY00000000000000000X1")
for _host in (urlsplit(REGULATOR_URL).netloc, urlsplit(REAL_NAME_URL).netloc):
    if _host and _host not in OUTWARD_HOSTS:
        OUTWARD_HOSTS.append(_host)

# --- logs ------------------------------------------------------------------------------------
LOG_FORMAT = env.choice("LOG_FORMAT", "json" if PRODUCTION else "line", ("line", "json"))
LOG_FORWARD = env.text("LOG_FORWARD", "")  # host:port of a syslog collector, by UDP
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "hospital.kernel.logs.PlainLines",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "datefmt": "%H:%M:%S",
        },
        "json": {"()": "hospital.kernel.logs.json_lines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},  # a refusal is no news; it stands in the trail
        "httpx": {"level": "WARNING"},
        "pgtrigger": {"level": "WARNING"},
    },
}
if LOG_FORWARD:
    LOGGING["handlers"]["forward"] = {
        "class": "logging.handlers.SysLogHandler",
        "address": env.address("LOG_FORWARD"),
        "formatter": "json",
    }
    LOGGING["root"]["handlers"].append("forward")

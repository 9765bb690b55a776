import subprocess as _sp
from types import SimpleNamespace as _NS
import tests.browser.serving as _sv
_sv.subprocess = _NS(run=_sp.run, Popen=lambda a, env=None, **k: _sp.Popen(a, env={**env, "DJANGO_SETTINGS_MODULE": "lookserve"}, **k))
from datetime import timedelta
import pytest
from tests import databases
from tests.browser.looking import look
from django.conf import settings

@pytest.mark.parametrize("who", ["patient", "elder"])
def test_look(platform, chromium, django_db_blocker, who):
    from hospital.accounts.models import User
    from hospital.kernel.clock import database_now
    from hospital.payments import hooks, services
    from hospital.payments.models import Charge, Refund
    from tests import paying
    import uuid
    name, before = "browser_main", settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        databases.point_at(name)
        user = next(u for u in User.objects.all() if u.name == {"patient": "周玉兰", "elder": "王秀兰"}[who])
        at = database_now()
        def charge(what="在线复诊", fen=8000, ago=1):
            return services.open_charge("tests", uuid.uuid4(), payer=user, about=None, stream=None, what=what, amount_fen=fen, expires_at=at + timedelta(minutes=15), at=at - timedelta(minutes=ago))
        open_, waiting, paid, back, closed = charge(), charge("健康咨询", 3000), charge("处方药品和配送", 8640, 300), charge("在线复诊", 8000, 900), charge("健康咨询", 3000, 2000)
        Charge.objects.filter(pk=waiting.pk).update(prepay="x")
        for c in (paid, back):
            paying.settle(c, at=at)
        services.refund(back, amount_fen=8000, reason="declined", by=None, at=at)
        part = services.refund(paid, amount_fen=800, reason="declined", by=None, at=at)
        services.close(closed, at=at)
        databases.point_at(before)
    pages = {"open": open_, "waiting": waiting, "paid": paid, "back": back, "closed": closed}
    import os; print(os.environ["DJANGO_SETTINGS_MODULE"])
    wrong = []
    def one(path, label):
        for size in ((390, 844), (1440, 900)):
            seen = chromium.do(look, platform.base, platform.cookies_of(who) if hasattr(platform, "cookies_of") else platform.cookie_of(who), path, size, f"pay-{who}-{label}-{size[0]}", (60 if who == "elder" else 44) if size[0] == 390 else 0)
            if (seen.status, seen.axe, seen.csp, seen.console, seen.small) != (200, [], [], [], []) or seen.overflow > 0:
                wrong.append((path, seen))
    for label, c in pages.items():
        one(f"/pay/{c.public_id}/", label)
    one("/me/orders/", "orders")
    one(f"/me/orders/{paid.public_id}/", "order")
    one(f"/me/orders/{back.public_id}/", "orderback")
    assert not wrong, wrong

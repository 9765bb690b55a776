from django.urls import path

from hospital.payments import api, callbacks, pages

app_name = "payments"
urlpatterns = [
    path("pay/<uuid:public_id>/", pages.pay, name="pay"),
    path("pay/<uuid:public_id>/state/", pages.state, name="state"),
    path("pay/<uuid:public_id>/check/", pages.check, name="check"),
    path("me/orders/", pages.orders, name="orders"),
    path("me/orders/<uuid:public_id>/", pages.order, name="order"),
    path("callbacks/wechat", callbacks.wechat, name="wechat"),
    path("api/v1/charges", api.ListCharges.as_view(), name="api-charges"),
    path("api/v1/charges/<uuid:public_id>", api.ReadCharge.as_view(), name="api-charge"),
    path("api/v1/charges/<uuid:public_id>/pay", api.Pay.as_view(), name="api-pay"),
]

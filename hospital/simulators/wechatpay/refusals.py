"""What WeChat Pay says no to, with its own codes."""

from hospital.simulators.wishes import BadRequest


class PayRefused(BadRequest):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message, status)
        self.code = code
        self.message = message


def bad_parameter(message: str) -> PayRefused:
    return PayRefused(400, "PARAM_ERROR", message)

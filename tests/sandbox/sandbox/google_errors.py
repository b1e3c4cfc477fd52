"""Google's refusals, word for word where the provider reference has them."""

from __future__ import annotations

from aiohttp import web

from .answers import UNCACHED, json_answer

REALM = 'Bearer realm="https://accounts.google.com/"'

#: Name -> status, error, description, further members. Names are what faults and code use.
TOKEN = {
    "invalid_grant": (400, "invalid_grant", "Token has been expired or revoked.", {}),
    "code_used": (400, "invalid_grant", "Bad Request", {}),
    "malformed_code": (400, "invalid_grant", "Malformed auth code.", {}),
    "rapt": (400, "invalid_grant", "reauth related error (invalid_rapt)",
             {"error_subtype": "invalid_rapt",
              "error_uri": "https://support.google.com/a/answer/9368756"}),
    "rapt_required": (400, "invalid_grant", "reauth related error (rapt_required)",
                      {"error_subtype": "rapt_required",
                       "error_uri": "https://support.google.com/a/answer/9368756"}),
    "invalid_client": (401, "invalid_client", "The OAuth client was not found.", {}),
    "wrong_secret": (401, "invalid_client", "Unauthorized", {}),
    "redirect_uri_mismatch": (400, "redirect_uri_mismatch", "Bad Request", {}),
    "unauthorized_client": (400, "unauthorized_client", "Unauthorized", {}),
    "admin_policy_enforced": (403, "admin_policy_enforced", "Access blocked by the administrator.",
                              {}),
    "org_internal": (403, "org_internal", "Only for users of one organisation.", {}),
    "internal_failure": (500, "internal_failure", "Backend Error", {}),
    "rate_limit": (429, "rate_limit_exceeded", "Rate Limit Exceeded", {}),
    "invalid_token": (400, "invalid_token", "Token expired or revoked", {}),
}

#: Reason -> status, domain, message, members of the error's place.
CALENDAR = {
    "rateLimitExceeded": (403, "usageLimits", "Rate Limit Exceeded", {}),
    "userRateLimitExceeded": (403, "usageLimits", "User Rate Limit Exceeded", {}),
    "quotaExceeded": (403, "usageLimits", "Calendar usage limits exceeded.", {}),
    "backendError": (500, "global", "Backend Error", {}),
    "notFound": (404, "global", "Not Found", {}),
    "fullSyncRequired": (410, "calendar",
                         "Sync token is no longer valid, a full sync is required.",
                         {"locationType": "parameter", "location": "syncToken"}),
    "updatedMinTooLongAgo": (410, "calendar",
                             "The requested minimum modification time lies too far in the past.",
                             {"locationType": "parameter", "location": "updatedMin"}),
    "timeRangeEmpty": (400, "calendar", "The specified time range is empty.",
                       {"locationType": "parameter", "location": "timeMax"}),
    "timeRangeTooLong": (400, "global", "The requested time range is too long.", {}),
    "duplicate": (409, "global", "The requested identifier already exists.", {}),
    "deleted": (410, "global", "Resource has been deleted", {}),
    "conditionNotMet": (412, "global", "Precondition Failed",
                        {"locationType": "header", "location": "If-Match"}),
    "forbidden": (403, "global", "Forbidden", {}),
    "forbiddenForNonOrganizer": (403, "calendar",
                                 "Shared properties can only be changed by the organizer of the event.", {}),
    "requiredAccessLevel": (403, "calendar", "You need to have writer access to this calendar.", {}),
    "channelIdNotUnique": (400, "global", "Channel id not unique", {}),
    "push.webhookUrlUnauthorized": (401, "global", "Unauthorized WebHook callback channel", {}),
    "push.webhookUrlNotHttps": (400, "global", "WebHook callback must be HTTPS", {}),
}


class Refusal(Exception):
    """A call that the Calendar API refuses, with what calendar_error takes."""

    def __init__(self, reason: str, **more) -> None:
        super().__init__(reason)
        self.reason, self.more = reason, more

    @staticmethod
    def of_parameter(name: str, value: str) -> "Refusal":
        return Refusal("invalidParameter", message=f"Invalid value '{value[:200]}' for {name}.",
                       place={"locationType": "parameter", "location": name})

    def answer(self) -> web.Response:
        return calendar_error(self.reason, **self.more)


def token_error(name: str, status: int | None = None,
                headers: dict | None = None) -> web.Response:
    """The refusal of that name; an unknown name becomes the error code of a 400."""
    usual, error, description, more = TOKEN.get(name, (400, name, "Bad Request", {}))
    return json_answer({"error": error, "error_description": description, **more},
                       status or usual, {**UNCACHED, **(headers or {})})


def invalid_request(description: str, error: str = "invalid_request") -> web.Response:
    return json_answer({"error": error, "error_description": description}, 400, UNCACHED)


def error_info(reason: str) -> web.Response:
    """403 as newer backends write it: the reason stands in a google.rpc.ErrorInfo, and there is no `errors`."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com",
            "metadata": {"service": "calendar-json.googleapis.com", "consumer": "projects/1234567890"}}
    return json_answer({"error": {"code": 403, "message": "Google Calendar API has not been used in project 1234567890 "
                                  "before or it is disabled.", "status": "PERMISSION_DENIED", "details": [info]}}, 403)


def calendar_error(reason: str, status: int | None = None, headers: dict | None = None,
                   message: str | None = None, place: dict | None = None) -> web.Response:
    if reason.isupper():
        return error_info(reason)
    usual, domain, wording, known_place = CALENDAR.get(
        reason, (400, "global", "Bad Request", {}))
    message, status = message or wording, status or usual
    one = {"domain": domain, "reason": reason, "message": message, **(place or known_place)}
    return json_answer({"error": {"errors": [one], "code": status, "message": message}},
                       status, headers)


def unauthenticated(token_given: bool = True) -> web.Response:
    """401: the token is expired, revoked or malformed, or there is none."""
    if token_given:
        start, message, reason = ("Request had invalid authentication credentials.",
                                  "Invalid Credentials", "authError")
        challenge = f'{REALM}, error="invalid_token"'
    else:
        start, message, reason = ("Request is missing required authentication credential.",
                                  "Login Required.", "required")
        challenge = REALM
    text = (f"{start} Expected OAuth 2 access token, login cookie or other valid "
            "authentication credential.")
    one = {"message": message, "domain": "global", "reason": reason,
           "location": "Authorization", "locationType": "header"}
    body = {"error": {"code": 401, "message": text, "errors": [one],
                      "status": "UNAUTHENTICATED"}}
    return json_answer(body, 401, {"WWW-Authenticate": challenge})


def insufficient_scope(method: str, scopes: list[str]) -> web.Response:
    """403: the token has none of `scopes`. `method` is such as calendarList.list."""
    noun, verb = method.split(".")
    full = f"calendar.v3.{noun[0].upper()}{noun[1:]}.{verb.capitalize()}"
    details = {"@type": "type.googleapis.com/google.rpc.ErrorInfo",
               "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "googleapis.com",
               "metadata": {"service": "calendar-json.googleapis.com", "method": full}}
    one = {"message": "Insufficient Permission", "domain": "global",
           "reason": "insufficientPermissions"}
    body = {"error": {"code": 403, "message": "Request had insufficient authentication scopes.",
                      "errors": [one], "status": "PERMISSION_DENIED", "details": [details]}}
    challenge = f'{REALM}, error="insufficient_scope", scope="{" ".join(scopes)}"'
    return json_answer(body, 403, {"WWW-Authenticate": challenge})

"""Microsoft's refusals, by AADSTS number and by Graph's code; worded as in the reference where it has them."""

from __future__ import annotations

import time
import uuid

from aiohttp import web

from .answers import UNCACHED, json_answer

TOKEN_TYPE = "application/json; charset=utf-8"
GRAPH_TYPE = ("application/json;odata.metadata=minimal;odata.streaming=true;"
              "IEEE754Compatible=false;charset=utf-8")
EXPIRED = ("The provided authorization code or refresh token has expired due to inactivity. Send a "
           "new interactive authorization request for this user and resource.")
MFA = ("Due to a configuration change made by your administrator, or because you moved to a new "
       "location, you must use multi-factor authentication to access the resource.")
CLAIMS = ('{"access_token":{"capolids":{"essential":true,"values":'
          '["44444444-5555-4666-8777-888888888888"]}}}')

#: Number -> status, error, text, further members. {client} is the client's id.
TOKEN = {
    50011: (400, "invalid_request", "The redirect URI specified in the request does not match the "
            "redirect URIs configured for the application '{client}'.", {}),
    50076: (400, "invalid_grant", MFA, {"suberror": "basic_action", "claims": CLAIMS}),
    501481: (400, "invalid_grant", "The Code_Verifier does not match the code_challenge supplied in "
             "the authorization request.", {}),
    50173: (400, "invalid_grant", "The provided grant has expired due to it being revoked, a fresh "
            "auth token is needed. The user might have changed or reset their password.", {}),
    54005: (400, "invalid_grant", "OAuth2 Authorization code was already redeemed, please retry with "
            "a new valid code or use an existing refresh token.", {}),
    65001: (400, "invalid_grant", "The user or administrator has not consented to use the "
            "application with ID '{client}'. Send an interactive authorization request for this "
            "user and resource.", {"suberror": "consent_required"}),
    70000: (400, "invalid_grant", "The provided value for the input parameter is not valid.", {}),
    700005: (400, "invalid_grant", "The provided authorization code is intended to be used against "
             "another tenant.", {}),
    70002: (401, "invalid_client", "Error validating credentials.", {}),
    70008: (400, "invalid_grant", EXPIRED, {}),
    700016: (400, "unauthorized_client", "Application with identifier '{client}' was not found in "
             "the directory 'Contoso'.", {}),
    700021: (401, "invalid_client", "Client assertion application identifier doesn't match "
             "'client_id' parameter.", {}),
    700023: (401, "invalid_client", "Client assertion audience claim does not match Realm issuer.",
             {}),
    700024: (401, "invalid_client", "Client assertion is not within its valid time range.", {}),
    700027: (401, "invalid_client", "Client assertion failed signature validation.", {}),
    700082: (400, "invalid_grant", "The refresh token has expired due to inactivity.", {}),
    700084: (400, "invalid_grant", "The refresh token was issued to a single page app (SPA), and "
             "therefore has a fixed, limited lifetime.", {}),
    7000215: (401, "invalid_client", "Invalid client secret provided. Ensure the secret being sent "
              "in the request is the client secret value, not the client secret ID, for a secret "
              "added to app '{client}'.", {}),
    7000218: (401, "invalid_client", "The request body must contain the following parameter: "
              "'client_assertion' or 'client_secret'.", {}),
    7000222: (401, "invalid_client", "The provided client secret keys for app '{client}' are "
              "expired.", {}),
    90014: (400, "invalid_request", "The required field is missing from the request.", {}),
    90055: (429, "temporarily_unavailable", "The server is terminating an operation because it "
            "encountered too many requests.", {}),
    90094: (400, "invalid_grant", "The grant requires administrator permission.",
            {"suberror": "consent_required"}),
    90033: (503, "temporarily_unavailable", "A transient error has occurred. Please try again.", {}),
}
#: The number that stands for an `error` where a test names only that.
USUAL_NUMBER = {"invalid_grant": 70000, "invalid_client": 7000215, "unauthorized_client": 700016,
                "interaction_required": 50076, "consent_required": 65001, "invalid_request": 90014,
                "temporarily_unavailable": 90055}

#: Code -> status, message.
GRAPH = {
    "InvalidAuthenticationToken": (401, "Access token has expired or is not yet valid."),
    "ErrorAccessDenied": (403, "Access is denied. Check credentials and try again."),
    "ErrorItemNotFound": (404, "The specified object was not found in the store."),
    "MailboxNotEnabledForRESTAPI": (404, "The mailbox is either inactive, soft-deleted, or is hosted "
                                         "on-premise."),
    "ApplicationThrottled": (429, "Application is over its MailboxConcurrency limit."),
    "ServiceUnavailable": (503, "The service is unavailable."),
    "ErrorInvalidUrlQuery": (400, "The query parameter in the request isn't valid."),
    "ErrorInvalidRequest": (400, "The request is invalid."),
    "ErrorInvalidParameter": (400, "A parameter of the request isn't valid."),
    "ErrorPropertyValidationFailure": (400, "At least one property failed validation."),
    "RequestBodyRead": (400, "The body of the request can't be read."),
    "BadRequest": (400, "The request is malformed or incorrect."),
    "ErrorFolderNotFound": (404, "The specified folder could not be found in the store."),
    "ErrorIrresolvableConflict": (412, "The send or update operation could not be performed because the change key "
                                       "passed in the request does not match the current change key for the item."),
    "ErrorDuplicateTransactionId": (409, "Your request can't be completed. The TransactionId specified in the request "
                                         "has already been used to create a different event."),
    "ErrorOccurrenceCrossingBoundary": (400, "Modified occurrence is crossing or overlapping adjacent occurrence."),
    "SyncStateNotFound": (410, "The sync state generation is not found; generation=149;[highest=157][157][155][156]."),
    "ErrorTimeIntervalTooBig": (400, "The requested time duration specified for FreeBusyViewOptions.TimeWindow is too "
                                     "long."),
    "ErrorMailboxDataArrayTooBig": (400, "The request exceeds the maximum number of mailboxes."),
    "TimeZoneNotSupportedException": (400, "A valid TimeZone value must be specified."),
    "ResourceNotFound": (404, "The object was not found."),
    "ValidationError": (400, "Subscription validation request failed. Notification endpoint must respond with 200 OK "
                             "to validation request."),
    "Conflict": (409, "A subscription with the same resource and address exists already."),
    "ErrorServerBusy": (503, "The server cannot service this request right now. Try again later."),
    "ErrorMailboxStoreUnavailable": (503, "The mailbox database is temporarily unavailable."),
}


class GraphRefusal(Exception):
    """A call that Graph refuses, with what graph_error takes."""

    def __init__(self, code: str, message: str | None = None, headers: dict | None = None) -> None:
        super().__init__(code)
        self.code, self.message, self.headers = code, message, headers

    def answer(self) -> web.Response:
        return graph_error(self.code, headers=self.headers, message=self.message)


def number_of(name: str) -> int | None:
    """7000222, from "AADSTS7000222" or "7000222"; None for anything else."""
    digits = name.removeprefix("AADSTS")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def description(number: int, client_id: str = "") -> str:
    text = TOKEN.get(number, (0, "", "An error of the test's choice.", {}))[2]
    return f"AADSTS{number}: {text.format(client=client_id)}"


def token_error(name: str | int, client_id: str = "", status: int | None = None,
                headers: dict | None = None) -> web.Response:
    """The refusal with this AADSTS number, or with this `error` and its usual number."""
    number = name if isinstance(name, int) else number_of(name)
    if number is None:
        error, number = name, USUAL_NUMBER.get(name, 90000)
        usual, _, _, more = TOKEN.get(number, (400, "", "", {}))
    else:
        usual, error, _, more = TOKEN.get(number, (400, "invalid_grant", "", {}))
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    stamp = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
    body = {"error": error,
            "error_description": f"{description(number, client_id)} Trace ID: {trace} "
                                 f"Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [number], "timestamp": stamp, "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={number}", **more}
    return json_answer(body, status or usual,
                       {"Content-Type": TOKEN_TYPE, **UNCACHED, **(headers or {})})


def graph_answer(body: dict, status: int = 200, headers: dict | None = None) -> web.Response:
    return json_answer(body, status, {"Content-Type": GRAPH_TYPE, "request-id": str(uuid.uuid4()),
                                      **(headers or {})}, indent=None)


def graph_error(code: str, status: int | None = None, headers: dict | None = None,
                message: str | None = None) -> web.Response:
    """The refusal with that code; an unknown one is a 400."""
    usual, wording = GRAPH.get(code, (400, "The request can't be served."))
    message = message or wording
    request_id = str(uuid.uuid4())
    inner = {"date": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()),
             "request-id": request_id, "client-request-id": request_id}
    body = {"error": {"code": code, "message": message, "innerError": inner}}
    return graph_answer(body, status or usual, {"request-id": request_id, **(headers or {})})


def unauthenticated(origin: str, claims: str = "") -> web.Response:
    """401; with `claims`, that of continuous access evaluation."""
    challenge = (f'Bearer realm="", authorization_uri="{origin}/common/oauth2/authorize", '
                 'client_id="00000003-0000-0000-c000-000000000000"')
    if claims:
        challenge += f', error="insufficient_claims", claims="{claims}"'
    return graph_error("InvalidAuthenticationToken", headers={"WWW-Authenticate": challenge})

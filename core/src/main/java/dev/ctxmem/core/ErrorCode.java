package dev.ctxmem.core;

import java.util.Arrays;
import java.util.Optional;

/// Every way a call can fail: the wire code is the constant's name; with its HTTP status, its title, and a hint
/// that says what to do.
public enum ErrorCode {
    MALFORMED_JSON(400, "Malformed JSON", "Send one well-formed JSON document."),
    MALFORMED_ENCODING(400, "Malformed encoding", "Send valid UTF-8 and valid percent-encoding."),
    DUPLICATE_JSON_NAME(400, "Duplicate member name", "Send each member name once per JSON object."),
    MALFORMED_REQUEST(400, "Malformed request", "Send a well-formed HTTP/1.1 request."),
    CREDENTIAL_IN_URL(
            400, "Credential in URL", "Send the key in the Authorization header; this one has leaked: revoke it."),
    BAD_SIGNATURE(
            400, "Bad signature", "Sign the body as it is sent with the secret of this endpoint, and check the clock."),
    INVALID_API_KEY(401, "Invalid API key", "Send a valid key as 'Authorization: Bearer ctx_…' or 'x-api-key: ctx_…'."),
    TIER_LIMIT_REACHED(
            403, "Limit of the tier reached", "Delete what is no longer needed, or move the account to a larger tier."),
    INSUFFICIENT_SCOPE(403, "Insufficient scope", "Use a key that has the scope named in the detail."),
    SCOPE_ESCALATION(
            403,
            "Key would exceed its parent",
            "Ask for no more scopes, namespaces, rate or time than the calling key has."),
    SIGNUP_CLOSED(403, "Signup is closed", "Ask the operator to run 'ctx accounts create EMAIL' beside the server."),
    ORIGIN_NOT_ALLOWED(
            403,
            "Origin not allowed",
            "Call the server from its own origin or from a program, not from another web page."),
    NOT_FOUND(404, "Not found", "Check the name; list what is there with GET /v1/namespaces or GET …/entries."),
    ROUTE_NOT_FOUND(404, "No such route", "See /openapi.yaml for the routes of this server."),
    METHOD_NOT_ALLOWED(405, "Method not allowed", "Use one of the methods named in the Allow header."),
    REQUEST_TIMEOUT(408, "Request timed out", "Send the whole request without long pauses."),
    ALREADY_EXISTS(409, "Already exists", "Use the existing one, or choose another name."),
    BODY_TOO_LARGE(413, "Body too large", "Send a smaller body; see GET /v1/limits."),
    URL_TOO_LONG(414, "URL too long", "Shorten the path or the query; see GET /v1/limits."),
    UNSUPPORTED_ENCODING(415, "Content encoding not supported", "Send the body without Content-Encoding, in UTF-8."),
    HOST_NOT_ALLOWED(
            421, "Host not allowed", "Address the server by its own host name, or add the name to ALLOWED_HOSTS."),
    INVALID_VALUE(422, "Invalid value", "Correct the fields named in 'errors'."),
    INVALID_KEY(422, "Invalid key", "Use 1 to 500 characters without control characters; '.' and '..' are not keys."),
    INVALID_TEXT(422, "Invalid text", "Remove U+0000 and lone surrogates from strings."),
    INVALID_CURSOR(422, "Invalid cursor", "Send 'next_cursor' of the previous page unchanged, with the same filters."),
    JSON_TOO_DEEP(422, "JSON too deep", "Nest the value less deeply; see GET /v1/limits."),
    TOO_MANY_TOKENS(422, "JSON has too many tokens", "Split the value into several entries; see GET /v1/limits."),
    NUMBER_TOO_LONG(422, "Number too long", "Send long numbers as strings."),
    NUMBER_OUT_OF_RANGE(422, "Number out of range", "Keep exponents within ±308, or send the number as a string."),
    VALUE_TOO_LARGE(422, "Value too large", "Split the value into several entries; see GET /v1/limits."),
    RATE_LIMITED(429, "Rate limited", "Wait for the seconds in Retry-After, then send fewer requests a minute."),
    HEADERS_TOO_LARGE(431, "Headers too large", "Send fewer or shorter headers; see GET /v1/limits."),
    INTERNAL(500, "Internal error", "Report the request id to the operator; the log has the cause."),
    INTEGRITY_ERROR(500, "Stored data is damaged", "Restore this entry from a backup or write it again."),
    OVERLOADED(503, "Overloaded", "Retry after the seconds in Retry-After."),
    UNAVAILABLE(
            503, "Store not available", "Retry after the seconds in Retry-After; the operator's log has the cause."),
    BILLING_UNAVAILABLE(
            503, "Billing not available", "Retry after the seconds in Retry-After; nothing but billing is affected."),
    UNREACHABLE(
            503,
            "Server not reachable",
            "Start the server with 'ctx serve', or check the address with 'ctx config --show'."),
    STORAGE_FULL(507, "Storage full", "Delete entries or give the data directory more space; reads go on.");

    private final int status;
    private final String title;
    private final String hint;

    ErrorCode(int status, String title, String hint) {
        this.status = status;
        this.title = title;
        this.hint = hint;
    }

    /// HTTP status, 400–507.
    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /// What the caller can do about it, one sentence or two.
    public String hint() {
        return hint;
    }

    /// The code with this wire name; empty when this version does not know it.
    public static Optional<ErrorCode> named(String name) {
        return Arrays.stream(values()).filter(code -> code.name().equals(name)).findFirst();
    }
}

"""Why a request is refused: a code for the window, a status, and a sentence for the patient."""

from clinic.errors import ClinicError

# code -> status; each code but two has its own sentence in content/window.yml.
STATUS = {
    "malformed": 400,
    "empty": 400,
    "too_long": 400,
    "unknown_button": 400,
    "no_session": 401,
    "origin": 403,
    "not_found": 404,
    "method": 405,
    "too_large": 413,
    "too_many": 429,
    "broken": 500,
    "unavailable": 503,
}
SENTENCE = {"method": "not_found", "too_large": "too_long"}


class RefusedError(ClinicError):
    """A request that is not answered; `retry_after` counts seconds, `allow` names methods."""

    def __init__(self, code: str, *, retry_after: int = 0, allow: str = "") -> None:
        self.code, self.status = code, STATUS[code]
        self.retry_after, self.allow = retry_after, allow
        super().__init__(code)

    @property
    def sentence(self) -> str:
        """The name of the sentence in content/window.yml."""
        return SENTENCE.get(self.code, self.code)

    @property
    def headers(self) -> dict[str, str]:
        """What the answer's headers say of it."""
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
        return {**headers, "Allow": self.allow} if self.allow else headers

"""Errors as Launch Library words them: each bad parameter with its complaints, or one `detail`."""

from flask import Response

from webapp.api.answers import Answer, respond_badly
from webapp.api.asked import read_bad_request
from webapp.web.errors import ErrorAnswer


def render_api_error(answer: ErrorAnswer) -> Response:
    """Render an error in the form that the client asked for."""
    in_dialect = Answer(_in_dialect(answer), answer.title, answer.text, status=answer.status)
    return respond_badly(in_dialect, read_bad_request())


def _in_dialect(answer: ErrorAnswer) -> dict[str, object]:
    if answer.ll2_words:
        return {"detail": answer.ll2_words}
    if answer.faults:
        return {fault.parameter: [fault.ll2_words] for fault in answer.faults}
    return {"detail": f"{answer.title.rstrip('.')}. {answer.text}".strip()}

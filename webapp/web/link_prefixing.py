"""Links in templates: each address from the root gets the base path before it, without its author's doing."""

import re

from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context

_ATTRIBUTE = (
    r"(?<![\w-])(?:href|src|action|formaction|poster|data-hx-(?:get|post)|data-subscribe-path|(?:image)?srcset)"
)
_LITERAL = re.compile(rf'({_ATTRIBUTE}=")(?=/)')
_EXPRESSION = re.compile(rf'({_ATTRIBUTE}=")\{{\{{-?(.*?)-?\}}\}}', re.DOTALL)
_FROM_ROOT = re.compile(r"(?:(?<=, )|^)(?=/)")


class LinkPrefixing(Extension):
    """A Jinja extension: what attributes name, as text or by an expression at their start, gets `base_path` before it.

    Templates are changed as they are read, and not what comes out of them: there, any text may be someone else's.
    """

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters["with_base_path"] = with_base_path

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """Change the source of a template."""
        return _LITERAL.sub(r"\1{{ base_path }}", _EXPRESSION.sub(r"\1{{ (\2)|with_base_path }}", source))


@pass_context
def with_base_path(context: Context, address: str) -> str:
    """Put the base path before an address, or each of a `srcset`, that begins at the root; others stay."""
    base_path = str(context.environment.globals["base_path"])
    return _FROM_ROOT.sub(base_path, address) if base_path else address

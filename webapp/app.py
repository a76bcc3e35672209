"""The web application, put together."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from flask import Flask, Response, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import Map

from webapp import api, pages, paths, subscriptions
from webapp.admission.concurrency import ConcurrencyLimits
from webapp.admission.control import AdmissionControl, raise_refusal
from webapp.admission.rate_limits import RateLimits
from webapp.admission.token_buckets import MemoryBuckets, TokenBuckets
from webapp.api.errors import render_api_error
from webapp.domain.clock import Clock
from webapp.domain.push_endpoints import PUSH_SERVICES
from webapp.instance.editions import StandIn
from webapp.instance.site import Site
from webapp.ops import Insiders, Metrics, Recorder, make_operations
from webapp.pictures.making_process import is_available
from webapp.rendering.assets import SERVICE_WORKER_PATH, Assets, list_card_types
from webapp.rendering.pages import render_error
from webapp.rendering.picture_files import PictureFiles
from webapp.response_cache.caches import CACHES, Caches, make_caches
from webapp.response_cache.middleware import ResponseCache
from webapp.response_cache.versions import VersionTracker
from webapp.runtime import make_editions, utc_now
from webapp.settings import Settings
from webapp.subscriptions import push
from webapp.web.addresses import (
    API_PATH,
    DOCS_PATH,
    OPENAPI_PATH,
    OPML_PATH,
    PICTURES_PATH,
    PUSH_PATH,
)
from webapp.web.base_path import BasePathMiddleware, handle_base_path
from webapp.web.cors import Cors
from webapp.web.errors import Renderer, as_plain_text, handle_errors
from webapp.web.hosts import host_in_answers, refuse_untrusted_host
from webapp.web.request_limits import LongHeaderFilter, refuse_long_address
from webapp.web.request_validation import RequestValidator
from webapp.web.security_headers import add_security_headers
from webapp.web.slashes import redirect_slashes
from webapp.web.wsgi import Application, Environ, StartResponse

_FEEDS = "/feeds/"
_FILES = ("/static/", "/cards/", PICTURES_PATH, PUSH_PATH, SERVICE_WORKER_PATH)
_API = (API_PATH.rstrip("/"), OPENAPI_PATH, DOCS_PATH)
_FEED_CORS = Cors(("*",))
# What costs next to nothing, and is asked for beside each page or all the time.
_CHEAP = frozenset({"assets.file", "assets.card", "ops.health", "ops.readiness"})
_CHEAP_PATHS = ("/static/", "/cards/", "/healthz", "/readyz")


def create_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    started_at: datetime | None = None,
    forced: StandIn | None = None,
    trouble: Callable[[], str | None] = lambda: None,
    trusted_for: float = 1.0,
) -> Flask:
    """Make the WSGI application. The databases must be prepared (see `webapp.runtime`).

    `started_at` is when the server was started, for a stand-in's clock; several processes must agree on it. `forced` is
    what to show in place of the real data, if it was asked for. `trouble` tells what keeps the syncing of this process
    from writing to the store, if anything does. For `trusted_for` seconds an answer that was given is given again
    without looking whether the store has changed since.
    """
    app = _flask()
    editions = make_editions(settings, clock, started_at=started_at or clock(), forced=forced)
    versions = VersionTracker(editions, max_lag=trusted_for)
    buckets = _make_buckets(settings)
    rates = RateLimits(settings.rate_limit, buckets, proxies=settings.proxies)
    static, metrics = Assets(paths.static(), settings.static_folder), Metrics()
    site = app.extensions["perigee"] = Site(
        editions,
        settings.public_url,
        settings.ll2_hourly_budget,
        has_api=settings.api,
        card_types=list_card_types(paths.static()),
        pictures=settings.pictures,
        pictures_mib=settings.pictures_mib,
        makes_pictures=is_available(),
        hub_url=settings.websub_hub or "",
        source_url=settings.ll2_url,
        are_kinds_chosen=settings.kinds is not None,
        push_services=(*PUSH_SERVICES, *settings.push_hosts),
        trouble=trouble,
    )
    app.extensions[CACHES] = make_caches(versions, max_bytes=settings.cache_mib * 2**20)
    app.jinja_env.globals["asset"] = static.address
    handle_base_path(app, site.base_path)
    _check_requests(app, settings)
    _add_routes(app, settings, static, metrics, rates)
    app.register_blueprint(push.make_blueprint(push.PushLimits(buckets)))
    _add_headers(app, settings)
    app.wsgi_app = _with_middleware(app, settings, static, metrics, rates)  # type: ignore[method-assign, assignment]
    return app


def _make_buckets(settings: Settings) -> TokenBuckets:
    if not settings.redis_url:
        return MemoryBuckets()
    # Imported where it is wanted: its client takes a process long to load.
    from webapp.admission.redis_buckets import RedisBuckets  # noqa: PLC0415

    return RedisBuckets(settings.redis_url)


def _flask() -> Flask:
    app = Flask(__name__, static_folder=None, template_folder=str(paths.templates()))
    app.jinja_options = {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # Sentences stand whole in the templates, ready to be translated; until they are, they stay as they are.
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # Added by the extension.
    # A doubled slash is no address of ours; put right, it would redirect to whichever host the request names.
    app.url_map.merge_slashes = False
    return app


def _check_requests(app: Flask, settings: Settings) -> None:
    app.before_request(raise_refusal)
    app.before_request(refuse_long_address)
    if not settings.public_url:
        app.before_request(partial(refuse_untrusted_host, _trusted(settings)))
    app.before_request(redirect_slashes)


def _add_routes(app: Flask, settings: Settings, static: Assets, metrics: Metrics, rates: RateLimits) -> None:
    insiders = Insiders(settings.ops_token, is_public=settings.public_url is not None or settings.proxies > 0)
    app.register_blueprint(make_operations(metrics, insiders))
    app.register_blueprint(static.make_blueprint())
    app.register_blueprint(_picture_files(app, settings).make_blueprint())
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(subscriptions.blueprint)
    if settings.api:
        app.register_blueprint(api.make_blueprint(rates.allowance))
    handle_errors(app, renderer_for=partial(_renderer_for, has_api=settings.api))


def _add_headers(app: Flask, settings: Settings) -> None:
    app.after_request(partial(add_security_headers, is_https=settings.is_https))
    app.after_request(partial(_allow_origins, api_cors=Cors(settings.api_cors if settings.api else ())))


def _with_middleware(
    app: Flask, settings: Settings, static: Assets, metrics: Metrics, rates: RateLimits
) -> Application:
    """Put around the application what answers without it, or decides whether it is asked: the innermost first."""
    caches: Caches = app.extensions[CACHES]
    admission = AdmissionControl(app.wsgi_app, rates, ConcurrencyLimits(settings.threads))
    cache = ResponseCache(
        admission.with_slots(app.wsgi_app),
        caches.versions,
        caches.responses,
        admit=admission.admit,
        host_in_answers=partial(host_in_answers, settings.public_url, _trusted(settings)),
    )
    files = static.served_ahead_of(app.wsgi_app, is_https=settings.is_https)
    counted = _picture_files(app, settings).served_ahead_of(cache)
    valid = RequestValidator(_CostDispatcher(files, counted, app.url_map), is_https=settings.is_https)
    recorder: Application = Recorder(valid, metrics, trusts_ids=settings.proxies > 0)
    site: Site = app.extensions["perigee"]
    if site.base_path:
        recorder = BasePathMiddleware(recorder, site.base_path)
    # Of what a proxy says, only whom it serves is believed: no host, no scheme and no prefix.
    behind = ProxyFix(recorder, x_for=settings.proxies, x_proto=0, x_host=0) if settings.proxies else recorder
    return LongHeaderFilter(behind)


def _picture_files(app: Flask, settings: Settings) -> PictureFiles:
    caches: Caches = app.extensions[CACHES]
    return PictureFiles(caches.versions, caches.pictures, is_https=settings.is_https)


def _trusted(settings: Settings) -> tuple[str, ...]:
    return (*settings.trusted_hosts, settings.host)


class _CostDispatcher:
    """A WSGI application that has one answer what costs next to nothing, without any limit, and another all else."""

    def __init__(self, cheap: Application, counted: Application, addresses: Map) -> None:
        self._cheap = cheap
        self._counted = counted
        self._addresses = addresses.bind("localhost")

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        is_cheap = self._is_cheap(environ["PATH_INFO"], environ["REQUEST_METHOD"])
        return (self._cheap if is_cheap else self._counted)(environ, start_response)

    def _is_cheap(self, path: str, method: str) -> bool:
        try:
            return path.startswith(_CHEAP_PATHS) and self._addresses.match(path, method)[0] in _CHEAP
        except HTTPException:
            return False


def _renderer_for(path: str, *, has_api: bool) -> Renderer:
    if _is_feed(path) or path.startswith(_FILES):
        return as_plain_text
    return render_api_error if has_api and path.startswith(API_PATH) else render_error


def _allow_origins(response: Response, *, api_cors: Cors) -> Response:
    """Let other web sites' scripts read the present answer, by the path asked: errors and redirects are read too."""
    if _is_feed(request.path):
        return _FEED_CORS.allow(response)
    return api_cors.allow(response) if request.path.startswith(_API) else response


def _is_feed(path: str) -> bool:
    return path.startswith((_FEEDS, OPML_PATH)) or path.rstrip("/").endswith(".ics")

"""The dashboard: pages read read models, and write only through the pipeline."""

from flask import Flask

from tracker.web import (
    caching,
    changing,
    correcting,
    errors,
    language,
    outbox,
    own_page,
    pushed,
    reviewing,
    security,
    shown,
    signing_in,
    staff,
    subscribing,
    watch_lists,
)
from tracker.web.pages import (
    api,
    calls,
    cards,
    commitments,
    companies,
    company_topic,
    compare,
    corrections,
    data,
    downloads,
    embed,
    events,
    groups,
    health,
    home,
    machines,
    matrix,
    method,
    search,
    silent,
    sources,
    topics,
)
from tracker.web.parts import Parts, templates_folder

PAGES = (
    home,
    companies,
    company_topic,
    topics,
    matrix,
    events,
    silent,
    calls,
    groups,
    compare,
    commitments,
    search,
    sources,
    method,
    corrections,
    data,
    downloads,
    health,
    subscribing,
    own_page,
    changing,
    watch_lists,
    correcting,
    cards,
    embed,
    machines,
    pushed,
    api,
    signing_in,
    reviewing,
    outbox,
)


def create_app(app: Parts, good_for: float = 0) -> Flask:
    """The WSGI application over the parts that the composition root chose.

    Pages may be ``good_for`` seconds behind the data; by default they are not.
    """
    web = Flask(__name__, template_folder=str(templates_folder()))
    web.jinja_env.add_extension("jinja2.ext.do")
    web.jinja_env.trim_blocks = web.jinja_env.lstrip_blocks = True
    web.config["SEND_FILE_MAX_AGE_DEFAULT"] = 7 * 24 * 3600
    language.prepare(web)
    caching.prepare(web, app, good_for)
    security.protect(web, app.settings)
    shown.prepare(web, app)
    staff.prepare(web, app)
    errors.prepare(web, app)
    for module in PAGES:
        web.register_blueprint(module.blueprint(app))
    return web

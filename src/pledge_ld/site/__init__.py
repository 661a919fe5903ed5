"""An indexed graph → pages: what a page shows comes from the triples alone, never from the records."""

from pledge_ld.site.comparison import compare_page
from pledge_ld.site.datasets import catalog_page
from pledge_ld.site.embed import EmbedView, badge, embed_page
from pledge_ld.site.feed import feed
from pledge_ld.site.home import CitySummary, Dump, city_summary, common_pages, downloads_page
from pledge_ld.site.page import CityHead, Page
from pledge_ld.site.pages import city_pages
from pledge_ld.site.pictures import ASKED, told
from pledge_ld.site.render import LANGUAGES, Renderer, has_front, locales, said_in, templates
from pledge_ld.site.terms import ontology_page, shapes_page
from pledge_ld.site.views import Views, natural
from pledge_ld.site.workbench import workbench_page

__all__ = [
    "ASKED",
    "LANGUAGES",
    "CityHead",
    "CitySummary",
    "Dump",
    "EmbedView",
    "Page",
    "Renderer",
    "Views",
    "badge",
    "catalog_page",
    "city_pages",
    "city_summary",
    "common_pages",
    "compare_page",
    "downloads_page",
    "embed_page",
    "feed",
    "has_front",
    "locales",
    "natural",
    "ontology_page",
    "said_in",
    "shapes_page",
    "templates",
    "told",
    "workbench_page",
]

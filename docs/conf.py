"""How the site of these pages is made (`make docs`): plain pages that need no JavaScript."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

project = "Minga"
author = "Minga"
extensions = ["myst_parser"]
root_doc = "index"
language = "es"
exclude_patterns = ["_templates", "architecture.md"]  # the map is for who has the code
templates_path = ["_templates"]
myst_heading_anchors = 3
html_theme = "alabaster"
html_theme_options = {"show_powered_by": False, "show_related": False, "page_width": "60em"}
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_sidebars = {"**": ["guides.html"]}
html_title = "Minga"
html_use_index = False
html_copy_source = False
html_show_sphinx = False
LANGUAGES = ("es", "pt", "en")


def _say_language(
    _app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Tell readers of screens in which language a page is."""
    folder = page.partition("/")[0]
    context["language"] = folder if folder in LANGUAGES else "en"


def setup(app: Sphinx) -> None:
    """Register what is done for each page."""
    app.connect("html-page-context", _say_language)

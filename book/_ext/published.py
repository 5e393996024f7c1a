"""Show the theme's link to the repository only if `_config.yml` sets the repository's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def show_what_is_set(app: Sphinx, config: Config) -> None:
    """Show the repository button only if the repository's address is set.

    Also make the site's address end in a slash, which canonical links need.
    """
    options = config.html_theme_options
    options["use_repository_button"] = bool(options.get("repository_url"))
    config.html_baseurl = f"{config.html_baseurl.rstrip('/')}/" if config.html_baseurl else ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the handler of this extension with Sphinx."""
    app.connect("config-inited", show_what_is_set, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""On-demand rendering of single pages, with the steps of a MkDocs build."""

from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from mkdocs.commands.build import get_context
from mkdocs.structure.files import get_files, set_exclusions
from mkdocs.structure.nav import get_navigation

from build_scripts.handbook.site_build import KEY, Handbook, configured


class Renderer:
    """Lazy renderer of a handbook's pages.

    Steps and events follow ``mkdocs.commands.build.build``.

    Args:
        handbook: the pages' content.
        site: the folder of the built site.
        templates: a cache folder for compiled theme templates, which take most of a first page's time.
    """

    def __init__(self, handbook: Handbook, site: Path, templates: Path) -> None:
        with configured(site) as loaded:
            loaded.extra[KEY] = handbook
            loaded.plugins.on_startup(command="serve", dirty=False)
            config = loaded.plugins.on_config(loaded)
            env = config.theme.get_env()
            env.bytecode_cache = FileSystemBytecodeCache(str(templates))
            files = get_files(config)
        files.add_files_from_theme(env, config)
        files = config.plugins.on_files(files, config=config)
        set_exclusions(files, config)
        self._nav = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
        self._config, self._files = config, files
        self._env = config.plugins.on_env(env, config=config, files=files)
        self._pages = {file.url: file.page for file in files.documentation_pages() if file.page}
        for page in self._pages.values():
            page.read_source(config)  # the navigation shows the titles of all

    def page(self, url: str) -> str | None:
        """Render the page at a path below the site's root; None if there is none."""
        page = self._pages.get(url)
        if page is None:
            return None
        config, plugins = self._config, self._config.plugins
        page.read_source(config)
        page.render(config, self._files)
        page.content = plugins.on_page_content(
            page.content or "", page=page, config=config, files=self._files
        )
        page.active = True
        context = get_context(self._nav, self._files.documentation_pages(), config, page)
        context = plugins.on_page_context(context, page=page, config=config, nav=self._nav)
        output = self._env.get_template("main.html").render(context)
        page.active = False
        return plugins.on_post_page(output, page=page, config=config)

"""What the bot never does: fetch what people name, unpack, load or run what they send."""

from __future__ import annotations

import ast

from tests.source_files import SOURCE, imports, name, tree, within

WEB = (
    "aiohttp",
    "urllib.request",
    "http.client",
    "socket",
    "requests",
    "httpx",
    "ftplib",
    "smtplib",
)
MAY_CALL = {
    "bot/matrix/http.py": "the homeserver",
    "bot/operate/server_discovery.py": "where the homeserver is, for the operator",
    "bot/operate/watch/http_port.py": "nobody: it answers on a port of the operator's",
    "bot/operate/watch/ready_command.py": "the machine itself",
    "bot/operate/watch/service_manager.py": "systemd's socket on the machine itself",
    "bot/demo/loopback.py": "the machine itself",
    "bot/demo/synapse.py": "the machine itself",
}
LOADERS = ("pickle", "marshal", "shelve", "yaml", "dill", "xml", "lxml", "defusedxml", "code")
WRITES_ONLY = {
    "commands/public_site/feeds.py": "feeds, as XML",
    "commands/publishing/places/export_file.py": "what is public, as one ZIP",
}
"""What is made with a library that could also read it, and nothing is read with it."""
UNPACKERS = ("zipfile", "tarfile", "gzip", "bz2", "lzma", "zlib")
MARKUP = ("markdown", "mistune", "commonmark", "markdown_it", "bleach")


def users(*modules: str) -> set[str]:
    """Return the files of the bot that import one of these modules."""
    return {name(path) for path in SOURCE if any(within(one, *modules) for one in imports(path))}


def calls(*functions: str) -> set[str]:
    """Return the files that call one of these, as it is written."""
    return {
        name(path)
        for path in SOURCE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in functions
    }


def test_only_the_homeserver_is_called_so_no_link_is_fetched() -> None:
    """What an address in a message leads to is never asked for (SSRF, trackers, previews)."""
    assert users(*WEB) == set(MAY_CALL)


def test_nothing_that_is_sent_is_unpacked_loaded_or_run() -> None:
    assert users(*LOADERS, *UNPACKERS) == set(WRITES_ONLY)
    for path in SOURCE:
        if name(path) in WRITES_ONLY:
            read = {"fromstring", "parse", "XML", "iterparse", "extract", "extractall", "open"}
            assert not read & {getattr(node, "attr", "") for node in ast.walk(tree(path))}
    assert calls("eval", "exec", "compile", "__import__", "os.system", "os.popen") == set()
    assert users("subprocess") == {
        "bot/demo/synapse.py",
        *("bot/operate/change_key/key_places.py", "bot/operate/change_key/unit_lines.py"),
        "bot/operate/setup/service_unit.py",  # systemd's own programs, for the operator
    }


def test_pictures_are_drawn_and_none_that_is_sent_is_decoded() -> None:
    # What becomes public is drawn anew from its pixels, in a thread, of a named format and size.
    assert calls("Image.open", "PIL.Image.open", "ImageFile.Parser") == {
        "commands/sources/public/clean_picture.py"
    }


def test_no_words_go_through_a_language_of_markup() -> None:
    """HTML is made of sentences of ours, with what people wrote escaped in it: messages, pages."""
    assert users(*MARKUP) == set()
    assert calls("escape", "html.escape") == {
        "bot/delivery/rendering.py",
        *("commands/public_site/pages.py", "commands/public_site/typed_words.py"),
    }

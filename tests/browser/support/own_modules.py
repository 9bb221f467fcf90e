"""Imports single modules of the open page, whose address contains the page's version."""


def own_module(name: str) -> str:
    """JavaScript, for an async function, that gives a module of the page that is open."""
    return f'await import(new URL("./{name}", document.querySelector("script[type=module]").src))'

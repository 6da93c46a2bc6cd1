from urllib.parse import unquote, urlsplit


class Engine:
    pass


class Url:
    def __init__(self, text):
        parts = urlsplit(text)
        self.username, self.password = parts.username, unquote(parts.password or "")


def make_url(text):
    return Url(text)

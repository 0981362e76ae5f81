"""Read the elements of a page."""

from html.parser import HTMLParser


class Tags(HTMLParser):
    """Collect start tags with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

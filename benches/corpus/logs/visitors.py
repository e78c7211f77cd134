"""Visitors of a documentation site: fetches its pages over HTTP as browsers, crawlers, feeds and
scanners do, until the server's log has enough bytes.

    visitors.py PORT DOCS LOG BYTES

Each visitor has an address below 127.0.0.0/8 and keeps its connection. Pages link to what their
HTML links to; what is not there answers 404, as on any site.
"""

import http.client
import os
import random
import re
import sys
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

CHROME = "Mozilla/5.0 ({os}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Safari/537.36"
BROWSERS = [
    (CHROME, range(118, 132)),
    (CHROME + " Edg/{v}.0.0.0", range(120, 131)),
    ("Mozilla/5.0 ({os}; rv:{v}.0) Gecko/20100101 Firefox/{v}.0", range(115, 134)),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
        " Version/17.{v} Safari/605.1.15",
        range(0, 7),
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{v} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
        " Gecko) Version/17.{v} Mobile/15E148 Safari/604.1",
        range(0, 7),
    ),
]
SYSTEMS = [
    "Windows NT 10.0; Win64; x64",
    "X11; Linux x86_64",
    "X11; Ubuntu; Linux x86_64",
    "Macintosh; Intel Mac OS X 10_15_7",
    "Linux; Android 14; Pixel 8",
    "X11; CrOS x86_64 14541.0.0",
]
CRAWLERS = [
    "Mozilla/5.0 (compatible; ExampleBot/2.1; +http://bot.example.org/about.html)",
    "Mozilla/5.0 (compatible; SeekerBot/7.0; +http://seeker.example.net/bot)",
    "ArchiveSpider/3.4 (+http://archive.example.com)",
    "python-requests/2.31.0",
    "curl/7.88.1",
    "Wget/1.21.3",
    "Go-http-client/1.1",
]
SEARCHES = ["https://search.example.com/", "https://www.example.net/search?q=", "-", "-"]
PROBES = [
    "/wp-login.php",
    "/.env",
    "/.git/config",
    "/admin/index.php",
    "/phpmyadmin/",
    "/xmlrpc.php",
    "/cgi-bin/luci",
    "/server-status",
    "/backup.zip",
    "/old/index.html",
]
LINK = re.compile(r"""(?:href|src)="([^"#]+)""")


class Visitor:
    """One client: who it is, where it is, what it has in its cache."""

    def __init__(self, site):
        self.site = site
        address = f"127.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", site.port, timeout=30, source_address=(address, 0)
        )
        self.kind = random.choices(["browser", "crawler", "scanner"], [80, 15, 5])[0]
        agent, versions = random.choice(BROWSERS)
        self.agent = agent.format(os=random.choice(SYSTEMS), v=random.choice(versions))
        if self.kind == "crawler":
            self.agent = random.choice(CRAWLERS)
        self.cache = {}
        self.steps = self.walk()

    def fetch(self, path, referer="-", method="GET", **more):
        headers = {"User-Agent": self.agent, **more}
        if referer != "-":
            headers["Referer"] = referer
        if path in self.cache:
            headers["If-Modified-Since"] = self.cache[path]
        self.connection.request(method, quote(path, safe="/?&=%+:,;@!$'()*~"), headers=headers)
        answer = self.connection.getresponse()
        answer.read()
        modified = answer.getheader("Last-Modified")
        if modified and self.kind == "browser":
            self.cache[path] = modified

    def walk(self):
        """Fetches a file at each step; the visit ends with the generator."""
        if self.kind == "scanner":
            for path in random.sample(PROBES, random.randint(3, len(PROBES))):
                yield self.fetch(path)
            return
        if self.kind == "crawler":
            yield self.fetch("/robots.txt")
            for page in random.sample(self.site.pages, random.randint(5, 120)):
                method = "HEAD" if random.random() < 0.05 else "GET"
                yield self.fetch(page, method=method)
            return
        page = self.site.popular()
        referer = random.choice(SEARCHES)
        if referer.endswith("="):
            referer += quote(Path(page).stem.replace(".", "+"))
        for _ in range(1 + int(random.expovariate(1 / 6))):
            yield self.fetch(page, referer)
            here = self.site.address + page
            files, links = self.site.links(page)
            for file in files:
                if file not in self.cache or random.random() < 0.1:
                    yield self.fetch(file, here)
            if random.random() < 0.1:
                word = Path(random.choice(self.site.pages)).stem.split(".")[-1]
                page, referer = f"/search.html?q={word}&check_keywords=yes&area=default", here
                continue
            if random.random() < 0.03:
                start = random.randrange(0, 4096, 512)
                yield self.fetch(page, here, Range=f"bytes={start}-{start + 511}")
            if not links:
                return
            page, referer = random.choice(links), here


class Site:
    """What is served: its pages, the commoner ones first, and where they link to."""

    def __init__(self, port, root):
        self.port, self.root = port, root
        self.address = "https://docs.example.org"
        self.pages = sorted(f"/{path.relative_to(root)}" for path in root.rglob("*.html"))
        random.shuffle(self.pages)
        self.weights = [1 / (rank + 1) for rank in range(len(self.pages))]
        self.known = {}

    def popular(self):
        return random.choices(self.pages, self.weights)[0]

    def links(self, page):
        """The files that a page needs, and the pages it links to."""
        page = page.partition("?")[0]
        if page not in self.known:
            files, links = [], []
            path = self.root / page.lstrip("/")
            text = path.read_text(errors="replace") if path.is_file() else ""
            for link in LINK.findall(text):
                target = urlsplit(urljoin(page, link))
                if not target.netloc and target.scheme in ("", "https"):
                    kind = links if target.path.endswith((".html", ".txt")) else files
                    if target.path not in kind:
                        kind.append(target.path)
            self.known[page] = files[:20], links
        return self.known[page]


def main():
    port, root, log, enough = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    random.seed(1)
    site = Site(port, root)
    visitors = []
    while os.path.getsize(log) < enough:
        for _ in range(1000):
            while len(visitors) < 40:
                visitors.append(Visitor(site))
            visitor = random.choice(visitors)
            try:
                next(visitor.steps)
            except StopIteration:
                visitor.connection.close()
                visitors.remove(visitor)


main()

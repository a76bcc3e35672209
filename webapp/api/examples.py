"""Examples to copy. A test runs each of them, in each language."""

from dataclasses import dataclass

from webapp.api.collection import EVENTS, UPCOMING


@dataclass(frozen=True, slots=True)
class Example:
    """One thing to do, in three languages."""

    name: str
    title: str
    meaning: str
    curl: str
    python: str
    javascript: str

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """Pair each language's name with its text."""
        return (("curl", self.curl), ("Python", self.python), ("JavaScript", self.javascript))


def make_examples(address: str) -> tuple[Example, ...]:
    """Write the examples for a server at a public address."""
    return (_next_dockings(address), _every_page(address), _only_if_new(address))


def _next_dockings(address: str) -> Example:
    url = f"{address}{UPCOMING.path}?type__ids=2,8&limit=5"
    return Example(
        "next",
        "The next dockings and undockings",
        "One filter, five events. A date is only as exact as its precision.",
        f"curl --fail '{url}'\n",
        f"""import requests

answer = requests.get("{url}", timeout=20)
answer.raise_for_status()
for event in answer.json()["results"]:
    print(event["date"], event["date_precision"]["name"], event["name"])
""",
        f"""const answer = await fetch("{url}");
if (!answer.ok) throw new Error(answer.statusText);
for (const event of (await answer.json()).results) {{
  console.log(event.date, event.date_precision.name, event.name);
}}
""",
    )


def _every_page(address: str) -> Example:
    url = f"{address}{EVENTS.path}?mode=list&limit=100"
    return Example(
        "all",
        "All events, page by page",
        "Each page links to the next; on the last one, next is null.",
        f"curl --fail '{url}'\n",
        f"""import requests

url = "{url}"
events = []
while url:
    page = requests.get(url, timeout=20).json()
    events += page["results"]
    url = page["next"]
print(len(events))
""",
        f"""let url = "{url}";
const events = [];
while (url) {{
  const page = await (await fetch(url)).json();
  events.push(...page.results);
  url = page.next;
}}
console.log(events.length);
""",
    )


def _only_if_new(address: str) -> Example:
    url = f"{address}{UPCOMING.path}?mode=detailed&limit=100"
    return Example(
        "new",
        "Only when something has changed",
        "Every response has an ETag. Send it back to get an empty 304 if nothing has changed.",
        f"""url='{url}'
etag=$(curl --fail --silent --output /dev/null --write-out '%header{{etag}}' "$url")
curl --silent --output /dev/null --write-out '%{{http_code}}' --header "If-None-Match: $etag" "$url"
""",
        f"""import requests

url = "{url}"
first = requests.get(url, timeout=20)
again = requests.get(url, headers={{"If-None-Match": first.headers["ETag"]}}, timeout=20)
print(again.status_code)
""",
        f"""const url = "{url}";
const first = await fetch(url);
const again = await fetch(url, {{ headers: {{ "If-None-Match": first.headers.get("ETag") }} }});
console.log(again.status);
""",
    )

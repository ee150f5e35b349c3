"""The pages over HTTP: what they say without a script, and what they tell browsers."""

import re

import httpx
import pytest

from index.errors import ArchiveUnwritable
from tests.api.web.workshop import CLERK, SILENT, Site, talk_of


def _answer_id(page: httpx.Response) -> str:
    found = re.findall(r'id="exchange-([0-9a-f]{32})"', page.text)
    return str(found[-1])


def test_the_first_page_asks(site: Site) -> None:
    page = site.client.get("/")
    assert page.status_code == 200
    assert "What does the archive say?" in page.text
    assert "Ask 10 documents." in page.text
    assert 'action="./"' in page.text


@pytest.mark.parametrize("path", ["/", "/talks", "/choose", "/key", "/source?id=1", "/nowhere"])
def test_nothing_from_elsewhere_and_nothing_inline_runs(site: Site, path: str) -> None:
    page = site.client.get(path, headers={"Accept": "text/html"})
    told = dict(
        each.strip().partition(" ")[::2]
        for each in page.headers["content-security-policy"].split(";")
    )
    assert told["default-src"] == told["base-uri"] == told["frame-ancestors"] == "'none'"
    for each in ("script-src", "style-src", "img-src", "connect-src", "form-action"):
        assert told[each] == "'self'"
    assert told["require-trusted-types-for"] == "'script'"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    for each in re.findall(r'(?:href|src|action)="([^"]*)"', page.text):
        assert "//" not in each
    assert not re.search(r"<style|<script(?! type=\"module\" src=)|\sstyle=|\son[a-z]+=", page.text)


def test_pages_are_asked_for_anew_and_files_only_once(site: Site) -> None:
    page = site.client.get("/")
    assert page.headers["cache-control"] == "private, no-cache"
    assert "X-Part" in page.headers["vary"]
    files = re.findall(r'(?:href|src)="(static/[^"]*)"', page.text)
    assert len(files) == 3
    for each in files:
        file = site.client.get(f"/{each}")
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        again = site.client.get(f"/{each}", headers={"If-None-Match": file.headers["etag"]})
        assert again.status_code == 304
        assert again.headers["cache-control"] == file.headers["cache-control"]
    assert site.client.get("/static/page.js").status_code == 404


def test_every_module_of_the_script_is_there(site: Site) -> None:
    (entry,) = re.findall(r'src="(static/[^"]*)/page.js"', site.client.get("/").text)
    seen: set[str] = set()
    left = ["page.js"]
    while left:
        name = left.pop()
        file = site.client.get(f"/{entry}/{name}")
        assert file.status_code == 200, name
        assert "javascript" in file.headers["content-type"]
        seen.add(name)
        left += [each for each in re.findall(r'from "\./(.*?)"', file.text) if each not in seen]
        left += [each for each in re.findall(r'import "\./(.*?)"', file.text) if each not in seen]
    assert "ask.js" in seen


def test_a_question_begins_a_conversation_and_leads_to_it(site: Site) -> None:
    reply = site.ask(CLERK)
    page = site.client.get(f"/{reply.headers['location']}")
    assert 'counted <mark class="answer">31</mark> barrels' in page.text
    assert talk_of(reply) in page.text
    kept = site.kept(_answer_id(page))
    assert kept["conversation"] == talk_of(reply)
    assert kept["answer"]["answer"] == "31"


def test_the_next_question_goes_into_the_same_conversation(site: Site) -> None:
    talk = talk_of(site.ask(CLERK))
    assert talk_of(site.ask("And in *May*?", talk=talk, limited="1")) == talk
    thread = site.client.get(f"/conversations/{talk}").json()["thread"]
    assert [each["answer"]["question"] for each in thread] == [CLERK, "And in *May*?"]
    assert thread[1]["answer"]["standalone_question"] != "And in *May*?"


def test_a_question_can_be_asked_as_typed_or_corrected(site: Site) -> None:
    talk = talk_of(site.ask(CLERK))
    site.ask("And in *May*?", talk=talk, limited="1")
    for sent, expected in (
        ({"as": "typed"}, "And in *May*?"),
        ({"question": "When will the mill open: in *May*?"}, "When will the mill open: in *May*?"),
    ):
        old = site.client.get(f"/conversations/{talk}").json()["thread"][-1]
        reply = site.client.post("/", data={"talk": talk, "instead": old["id"], **sent})
        assert talk_of(reply) == talk
        thread = site.client.get(f"/conversations/{talk}").json()["thread"]
        assert len(thread) == 2
        assert thread[-1]["answer"]["question"] == expected
        assert thread[-1]["answer"]["standalone_question"] == expected
        assert site.client.get(f"/answers/{old['id']}").status_code == 404


def test_limits_are_kept_with_the_conversation(site: Site) -> None:
    chosen = site.ids["other.txt"]
    talk = talk_of(site.ask(CLERK, **{"in": str(chosen), "limited": "1"}))
    conversation = site.client.get(f"/conversations/{talk}").json()
    assert conversation["scope"]["documents"] == [chosen]
    page = site.client.get(f"/?talk={talk}")
    assert "1 document, of any date" in page.text
    assert f'name="in" value="{chosen}" checked' in page.text
    site.ask("What now?", talk=talk, limited="1", since="2020-01-01")
    conversation = site.client.get(f"/conversations/{talk}").json()
    assert conversation["scope"] == {"documents": None, "since": "2020-01-01", "until": None}
    assert "All documents, since 1 January 2020" in site.client.get(f"/?talk={talk}").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"question": ""}, "The question is empty"),
        ({"question": "x" * 1001}, "1,001 characters"),
        ({"question": "Who?", "since": "May"}, "is no day; write it like 2017-09-05"),
        ({"question": "Who?", "in": "9999"}, "holds no document 9999"),
        ({"question": "Who?", "in": "first"}, "is no document"),
        ({"question": "Who?", "talk": "nonsense"}, "There is no such conversation"),
        ({"question": "Who?", "since": "2020-01-02", "until": "2020-01-01"}, "swap them"),
    ],
)
def test_what_cannot_be_asked_is_said_and_not_lost(
    site: Site, fields: dict[str, str], said: str
) -> None:
    before = site.client.get("/conversations").json()["total"]
    page = site.client.post("/", data=fields, headers={"Accept": "text/html"})
    assert 400 <= page.status_code < 500
    assert said in page.text
    assert fields["question"] in page.text
    for name, value in fields.items():
        assert f'name="{name}"' in page.text
        assert value in page.text
    part = site.client.post("/", data=fields, headers={"X-Part": "1"})
    assert part.status_code == page.status_code
    assert said in part.text
    assert "<html" not in part.text
    after = site.client.get("/conversations").json()["total"]
    assert after == before


def test_programs_get_problems_as_they_are(site: Site) -> None:
    reply = site.client.get("/nowhere")
    assert reply.headers["content-type"] == "application/problem+json"
    page = site.client.get("/documents/999", headers={"Accept": "text/html,*/*"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "There is no such document" in page.text
    assert 'href="../static/' in page.text
    refused = site.client.delete("/documents", headers={"Accept": "text/html"})
    assert refused.status_code == 405
    assert refused.headers["allow"]


def test_an_abstention_shows_what_is_nearest_and_marks_nothing(site: Site) -> None:
    page = site.client.get(f"/{site.ask(SILENT).headers['location']}")
    assert "The archive does not say." in page.text
    assert "What comes nearest, though it is no answer" in page.text
    assert 'class="answer"' not in page.text
    assert "Wrong citation" not in page.text
    assert page.text.count("<blockquote") == 3


def test_where_it_is_said_again_and_where_otherwise(site: Site) -> None:
    question = "How many barrels were there in the yard, *31 barrels* or *28 barrels*?"
    page = site.client.get(f"/{site.ask(question).headers['location']}")
    assert "The same elsewhere: 1" in page.text
    assert "But elsewhere" in page.text
    assert '<mark class="answer">28 barrels</mark>' in page.text


def test_feedback_is_kept_and_taken_back(site: Site) -> None:
    page = site.client.get(f"/{site.ask(CLERK).headers['location']}")
    answer = _answer_id(page)
    reply = site.client.post("/verdict", data={"id": answer, "verdict": "wrong citation"})
    assert reply.status_code == 303
    assert site.kept(answer)["feedback"]["verdict"] == "wrong citation"
    shown = site.client.get(f"/answer?id={answer}").text
    assert re.search(r'value="" aria-pressed="true">Wrong citation', shown)
    part = site.client.post("/verdict", data={"id": answer}, headers={"X-Part": "1"})
    assert "Taken back" in part.text
    assert site.kept(answer)["feedback"] is None
    assert site.client.post("/verdict", data={"id": answer, "verdict": "?"}).status_code == 422


def test_a_link_to_an_answer_shows_it(site: Site) -> None:
    answer = _answer_id(site.client.get(f"/{site.ask(CLERK).headers['location']}"))
    page = site.client.get(f"/answer?id={answer}")
    assert 'counted <mark class="answer">31</mark> barrels' in page.text
    missing = site.client.get("/answer?id=1", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "There is no such answer" in missing.text


def test_a_conversation_is_renamed_and_deleted(site: Site) -> None:
    talk = talk_of(site.ask(CLERK))
    assert site.client.get("/talks").text.index(talk) > 0
    renamed = site.client.post("/rename", data={"talk": talk, "name": "The <mill>"})
    assert renamed.headers["location"] == "talks"
    assert "The &lt;mill&gt;" in site.client.get("/talks").text
    assert "The &lt;mill&gt;" in site.client.get(f"/?talk={talk}").text
    empty = site.client.post("/rename", data={"talk": talk}, headers={"X-Part": "1"})
    assert empty.status_code == 422
    assert site.client.post("/delete", data={"talk": talk}).status_code == 303
    assert talk not in site.client.get("/talks").text
    assert site.client.get(f"/?talk={talk}").status_code == 404


def test_each_conversation_can_be_taken_along(site: Site) -> None:
    talk = talk_of(site.ask(CLERK))
    for link in re.findall(rf'href="(conversations/{talk}/[^"]*)"', site.client.get("/talks").text):
        assert site.client.get(f"/{link}").headers["content-disposition"].startswith("attachment")


def test_a_long_conversation_and_a_long_list_have_several_pages(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.web.thread.SHOWN", 2)
    monkeypatch.setattr("api.web.talks.SHOWN", 1)
    talk = talk_of(site.ask("What is *1*?"))
    for each in "2x345":
        site.ask(f"What is *{each}*?", talk=talk, limited="1")
    # Its number stays free, and no page misses it.
    gone = site.client.get(f"/conversations/{talk}").json()["thread"][2]["id"]
    assert site.client.delete(f"/answers/{gone}").status_code == 204
    seen: list[str] = []
    address = f"/?talk={talk}"
    while True:
        page = site.client.get(address).text
        seen = re.findall(r"<h2[^>]*>What is \*(\d)\*", page) + seen
        link = re.search(r'href="\.(/[^"]*)">Earlier questions', page)
        if link is None:
            break
        address = link[1].replace("&amp;", "&")
    assert seen == list("12345")
    later = re.search(r'href="\.(/[^"]*)">Later questions', page)
    assert later is not None
    onward = site.client.get(later[1].replace("&amp;", "&")).text
    assert re.findall(r"<h2[^>]*>What is \*(\d)\*", onward) == ["2", "3"]
    listed = site.client.get("/talks").text
    assert listed.count("data-slot") == 1
    (further,) = re.findall(r'href="(talks\?before=\d+)"', listed)
    assert site.client.get(f"/{further}").text.count("data-slot") == 1


def test_documents_are_found_by_their_words_and_paged(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = site.client.get("/choose", params={"find": "LETTER editor"}).text
    assert re.findall(r'name="in" value="(\d+)"', page) == [str(site.ids["other.txt"])]
    assert "None has these words." in site.client.get("/choose?find=zebra").text
    monkeypatch.setattr("api.web.choosing.SHOWN", 4)
    seen: list[str] = []
    after = "0"
    while after:
        page = site.client.get("/choose", params={"after": after}).text
        seen += re.findall(r'name="in" value="(\d+)"', page)
        after = "".join(re.findall(r'name="after" value="(\d+)"', page))
    assert seen == [str(each) for each in sorted(site.ids.values())]


def test_what_was_chosen_and_typed_stays_while_one_looks_for_more(site: Site) -> None:
    sent = {"question": "Who is <it>?", "in": str(site.ids["echo.txt"]), "find": "letter"}
    page = site.client.get("/choose", params={**sent, "since": "2020-02-03"}).text
    assert 'value="Who is &lt;it&gt;?"' in page
    assert 'value="2020-02-03"' in page
    assert f'value="{site.ids["echo.txt"]}" checked' in page
    assert f'value="{site.ids["other.txt"]}">' in page


def test_a_document_is_read_around_its_quotation(site: Site) -> None:
    text = site.text("long.txt")
    start = text.index("The treasure")
    place = {"id": site.ids["long.txt"], "version": 1, "start": start, "end": start + 40}
    page = site.client.get("/source", params={**place, "from": start + 35, "to": start + 36}).text
    assert '<mark class="sentence" id="quotation">The treasure of Longton lies under ' in page
    assert '<mark class="answer">7</mark>' in page
    assert len(page) < len(text) / 3
    assert "Earlier in this document" in page
    assert "Later in this document" in page


@pytest.mark.parametrize(
    "place",
    [
        {"start": 10**9, "end": 10**9 + 5},
        {"start": 90, "end": 80},
        {"start": 5, "end": 10**12, "from": 10**6, "to": 3},
        {"before": 0},
        {"before": 10**12},
        {"after": 10**12},
        {"version": 1},
    ],
)
def test_any_place_in_a_document_can_be_asked_for(site: Site, place: dict[str, int]) -> None:
    for source in ("long.txt", "clerk.txt"):
        page = site.client.get("/source", params={"id": site.ids[source], **place})
        assert page.status_code == 200


@pytest.mark.parametrize("query", ["id=0", "id=x", "id=1&start=-1", "", "id=1&version=0"])
def test_a_place_is_made_of_numbers(site: Site, query: str) -> None:
    assert site.client.get(f"/source?{query}").status_code == 422
    assert site.client.get("/source?id=1&version=7").status_code == 404
    assert site.client.get("/source?id=99").status_code == 404


@pytest.mark.parametrize("path", ["/", "/verdict", "/rename", "/delete", "/key"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_other_sites_can_post_nothing(site: Site, path: str, headers: dict[str, str]) -> None:
    talk = talk_of(site.ask(CLERK))
    reply = site.client.post(path, data={"talk": talk, "question": "Who?"}, headers=headers)
    assert reply.status_code == 403
    assert reply.json()["type"] == "/problems/foreign-page"
    assert site.client.get(f"/conversations/{talk}").status_code == 200


def test_our_own_pages_can(site: Site) -> None:
    origin = site.address.rstrip("/")
    for headers in (
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": origin},
    ):
        assert site.client.post("/", data={"question": CLERK}, headers=headers).status_code == 303


def test_what_cannot_be_kept_is_answered_all_the_same(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ArchiveUnwritable("cannot write /srv/secret: the disk is full")

    monkeypatch.setattr("qa.conversations.begin", fail)
    monkeypatch.setattr("qa.kept.keep", fail)
    page = site.ask(CLERK)
    assert page.status_code == 200
    assert 'counted <mark class="answer">31</mark> barrels' in page.text
    assert "This answer was not kept" in page.text
    assert "secret" not in page.text
    assert "Wrong answer" not in page.text
    assert "answer?id=" not in page.text
    # The next question may lean on this one: the page holds what nothing else does.
    assert page.text.count(f'name="history" value="{CLERK}"') >= 1
    following = site.ask("And in *May*?", history=CLERK)
    assert "Read as" in following.text


def test_what_nobody_foresaw_loses_no_question_and_tells_no_secret(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("api.web.answering.check_scope", fail)
    headers = {"Accept": "text/html"}
    page = site.client.post("/", data={"question": "Who <is> it?"}, headers=headers)
    assert page.status_code == 500
    assert "secret" not in page.text
    assert "Who &lt;is&gt; it?</textarea>" in page.text
    assert page.headers["x-request-id"] in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json"},
        {"Content-Type": "application/x-www-form-urlencoded; charset=none"},
    ],
)
def test_what_is_no_form_is_refused(site: Site, headers: dict[str, str]) -> None:
    reply = site.client.post("/", content=b'--x\r\n\x00{"question": "Who?"}', headers=headers)
    assert 400 <= reply.status_code < 500
    assert reply.headers["content-type"] == "application/problem+json"

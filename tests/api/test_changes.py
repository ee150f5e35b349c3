"""Documents that come and go over HTTP."""

import concurrent.futures
import hashlib
import io
import json
import shutil
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import document_schemas, schemas
from api.app import create_app
from index.layout import Layout
from index.lock import write_lock
from tests.api.workshop import Running, run, settings_for
from tests.index.workshop import problems

TRAM = b"The trams of Croydon\n\nThe tram to Wimbledon is green and white.\n"
FILES = Path(__file__).parents[1] / "index" / "files"


@pytest.fixture(scope="module")
def service(fake_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = shutil.copytree(fake_home, tmp_path_factory.mktemp("changes") / ".qa")
    with run(create_app(settings_for(home, max_file_mb=0.3))) as running:
        running.wait()
        yield running


@pytest.fixture
def client(service: Running) -> httpx.Client:
    return service.client


@pytest.fixture
def layout(service: Running) -> Layout:
    return Layout(service.app.state.settings.home)


def _send(client: httpx.Client, *files: tuple[str, bytes], **given: Any) -> list[dict[str, Any]]:
    """Upload files; return what became of each."""
    reply = client.post("/documents", files=[("files", each) for each in files], **given)
    assert reply.status_code == 200, reply.text
    document_schemas.AddedDocuments.model_validate_json(reply.content)
    rows: list[dict[str, Any]] = reply.json()["documents"]
    return rows


def _tell(client: httpx.Client, *documents: dict[str, Any]) -> list[dict[str, Any]]:
    """Send texts; return what became of each."""
    body = json.dumps({"documents": documents})
    reply = client.post("/documents", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 200, reply.text
    document_schemas.AddedDocuments.model_validate_json(reply.content)
    rows: list[dict[str, Any]] = reply.json()["documents"]
    return rows


def _refused(reply: httpx.Response, status: int, kind: str) -> str:
    assert reply.status_code == status, reply.text
    problem = schemas.Problem.model_validate_json(reply.content)
    assert problem.type == f"/problems/{kind}"
    return problem.detail


def _files(layout: Layout) -> set[Path]:
    return set(layout.uploads.rglob("*"))


def _total(client: httpx.Client) -> int:
    total: int = client.get("/documents").json()["total"]
    return total


def test_an_upload_is_added_replaced_or_left_alone(client: httpx.Client, layout: Layout) -> None:
    (row,) = _send(client, ("tram.txt", TRAM))
    assert row["source"] == ".qa/uploads/tram.txt"
    assert (row["result"], row["title"], row["note"]) == ("added", "The trams of Croydon", None)
    document = client.get(f"/documents/{row['id']}").json()
    assert document["text"] == TRAM.decode()
    assert document["content_hash"] == hashlib.sha256(TRAM).hexdigest()
    original = layout.uploads / "tram.txt"
    assert original.read_bytes() == TRAM

    (again,) = _send(client, ("tram.txt", TRAM))
    assert (again["result"], again["id"]) == ("unchanged", row["id"])

    (other,) = _send(client, ("tram.txt", TRAM.replace(b"green", b"red")))
    assert (other["result"], other["id"]) == ("replaced", row["id"])
    document = client.get(f"/documents/{row['id']}").json()
    assert (document["version"], "red and white" in document["text"]) == (2, True)
    assert b"red" in original.read_bytes()
    assert b"green" in client.get(f"/documents/{row['id']}/versions/1").content
    assert [each.name for each in layout.uploads.iterdir()] == ["tram.txt"]


def test_what_was_uploaded_answers(client: httpx.Client) -> None:
    _send(client, ("zeppelin.txt", b"The zeppelins of Purley were painted purple.\n"))
    asked = {"question": "Which colour were the zeppelins of Purley painted?", "top_k": 1}
    (passage,) = client.post("/ask", json=asked).json()["passages"]
    assert passage["document"]["source"] == ".qa/uploads/zeppelin.txt"
    assert "purple" in passage["text"]


def test_an_upload_that_cannot_be_read_replaces_none_that_could(
    client: httpx.Client, layout: Layout
) -> None:
    (before,) = _send(client, ("keep.txt", b"It was read."))
    (row,) = _send(client, ("keep.txt", b"\0\1\2"))
    assert (row["result"], row["id"]) == ("skipped", None)
    assert "binary" in row["note"]
    assert (layout.uploads / "keep.txt").read_bytes() == b"It was read."
    assert client.get(f"/documents/{before['id']}").json()["text"] == "It was read."


def test_each_file_has_its_own_fate(client: httpx.Client, layout: Layout) -> None:
    rows = _send(
        client,
        ("good.txt", b"A good file."),
        ("../bad.txt", b"A bad name."),
        ("picture.png", b"\x89PNG"),
        ("empty.txt", b" \n"),
        ("large.txt", b"x" * 300_001),
        ("broken.pdf", b"%PDF-1.7 and no more"),
    )
    told = {row["source"].rpartition("/")[2]: row for row in rows}
    assert {name: row["result"] for name, row in told.items()} == {
        "good.txt": "added",
        "bad.txt": "skipped",
        "picture.png": "skipped",
        "empty.txt": "skipped",
        "large.txt": "skipped",
        "broken.pdf": "skipped",
    }
    assert "path" in told["bad.txt"]["note"]
    assert "no loader for .png" in told["picture.png"]["note"]
    assert "empty" in told["empty.txt"]["note"]
    assert "0.3 MB" in told["large.txt"]["note"]
    kept = {each.name for each in layout.uploads.iterdir()}
    assert "good.txt" in kept
    assert kept.isdisjoint({"bad.txt", "picture.png", "empty.txt", "large.txt", "broken.pdf"})
    assert str(layout.home) not in json.dumps(rows)


def test_a_file_of_many_documents(client: httpx.Client, layout: Layout) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("one.txt", "The first of two.")
        made.writestr("two/two.txt", "The second of two.")
    rows = _send(client, ("many.zip", packed.getvalue()))
    assert [row["result"] for row in rows] == ["added", "added"]
    assert all(row["source"].startswith(".qa/uploads/many.zip/") for row in rows)
    (again,) = _send(client, ("many.zip", packed.getvalue()))
    assert (again["result"], again["count"], again["id"]) == ("unchanged", 2, None)
    original = layout.uploads / "many.zip"
    assert client.delete(f"/documents/{rows[0]['id']}").status_code == 200
    assert original.exists()
    assert client.delete(f"/documents/{rows[1]['id']}").status_code == 200
    assert not original.exists()


def test_fields_can_be_named(client: httpx.Client) -> None:
    table = b"kopf,rumpf\nTrams,The trams are late.\n"
    (row,) = _send(client, ("trams.csv", table))
    assert "which field is the text" in row["note"]
    (row,) = _send(client, ("trams.csv", table), data={"field": ["text=rumpf", "title=kopf"]})
    assert (row["result"], row["title"]) == ("added", "Trams")
    reply = client.post("/documents", files={"f": ("a.csv", table)}, data={"field": "colour"})
    assert "field=colour: write OURS=THEIRS" in _refused(reply, 400, "bad-upload")


def test_other_formats_are_read(client: httpx.Client) -> None:
    names = ["report.pdf", "report.docx", "letter.html", "records-jq.jsonl"]
    rows = _send(client, *((each, (FILES / each).read_bytes()) for each in names))
    assert {row["result"] for row in rows} == {"added"}
    assert {row["source"].split("/")[2] for row in rows} == set(names)


def test_texts_are_added_replaced_or_left_alone(client: httpx.Client, layout: Layout) -> None:
    text = "  Minutes of 6 September\n\nThe chair opened the meeting at ten. 🙂\n"
    minutes = {"source": "https://intranet.example/minutes/1", "text": text,
               "title": "Minutes of 6 September", "author": "A. Clerk", "published": "2017-09-06",
               "publisher": "The Council", "modified": "2017-09-07", "language": "en-GB",
               "url": "https://intranet.example/minutes/1"}  # fmt: skip
    files = _files(layout)
    (row,) = _tell(client, minutes)
    assert (row["result"], row["source"]) == ("added", minutes["source"])
    found = client.get(f"/documents/{row['id']}").json()
    assert {name: found[name] for name in minutes} == minutes
    assert found["content_hash"] == hashlib.sha256(text.encode()).hexdigest()

    (again,) = _tell(client, minutes)
    assert (again["result"], again["id"]) == ("unchanged", row["id"])
    (other,) = _tell(client, {**minutes, "author": "B. Clerk"})
    assert (other["result"], other["id"]) == ("replaced", row["id"])
    (other,) = _tell(client, {**minutes, "text": "It was cancelled."})
    assert (other["result"], other["id"]) == ("replaced", row["id"])
    assert client.get(f"/documents/{row['id']}/versions/1").json()["text"] == text
    assert files == _files(layout)


def test_what_a_text_does_not_say_its_first_lines_may(client: httpx.Client) -> None:
    text = (
        "Trams are back\n\nBy Jane Doe\n\n5 September 2017\n\nThe trams of Croydon are running.\n"
    )
    (row,) = _tell(client, {"source": "desk/1", "text": text})
    found = client.get(f"/documents/{row['id']}").json()
    assert (found["title"], found["author"], found["published"]) == (
        "Trams are back",
        "Jane Doe",
        "2017-09-05",
    )


def test_texts_that_will_not_do_are_skipped(client: httpx.Client) -> None:
    sources = [
        "/etc/passwd",
        "../up",
        "a/../../b",
        "..\\up",
        " ",
        "a\nb",
        "blank",
        "nul",
        "half",
        "ok",
    ]
    texts = {"blank": " \n", "nul": "a\0b", "half": "\ud800"}
    rows = _tell(
        client, *({"source": each, "text": texts.get(each, f"Text of {each}.")} for each in sources)
    )
    assert [row["source"] for row in rows] == sources
    assert [row["result"] for row in rows] == ["skipped"] * 9 + ["added"]
    assert all(row["note"] for row in rows[:-1])


def test_a_text_takes_no_files_place(client: httpx.Client) -> None:
    (file,) = _send(client, ("mine.txt", b"A tram."))
    (row,) = _tell(client, {"source": file["source"], "text": "Something else."})
    assert row["result"] == "skipped"
    assert "has a file of that name" in row["note"]
    assert client.get(f"/documents/{file['id']}").json()["text"] == "A tram."


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"text": "x"}, "documents[0].source is missing"),
        ({"source": "a"}, "documents[0].text is missing"),
        ({"source": "", "text": "x"}, "documents[0].source"),
        ({"source": "a", "text": 5}, "documents[0].text"),
        ({"source": "a", "text": "x", "colour": "blue"}, ".colour is not known here"),
        ({"source": "a", "text": "x", "published": "yesterday"}, "a day is written YYYY-MM-DD"),
        ({"source": "a", "text": "x", "url": "ftp://x"}, "documents[0].url"),
        ({"source": "a", "text": "x", "url": "http://a b"}, "documents[0].url"),
        ({"source": "a", "text": "x", "language": "English!"}, "documents[0].language"),
        ({"source": "a", "text": "x", "title": "a\nb"}, "documents[0].title"),
        ({"source": "a" * 1001, "text": "x"}, "documents[0].source"),
        ({"source": "a", "text": "x", "title": "\ud800"}, "not valid text"),
    ],
)
def test_a_field_that_does_not_fit(
    client: httpx.Client, document: dict[str, Any], told: str
) -> None:
    before = _total(client)
    body = json.dumps({"documents": [{"source": "fine", "text": "Fine."}, document][::-1]})
    reply = client.post("/documents", content=body, headers={"Content-Type": "application/json"})
    assert told in _refused(reply, 422, "invalid-request")
    assert _total(client) == before


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"{", 400, "malformed-body"),
        (b"", 400, "malformed-body"),
        (b"\xff\xfe", 400, "malformed-body"),
        (b"[" * 100_000, 400, "malformed-body"),
        (b"[]", 422, "invalid-request"),
        (b"{}", 422, "invalid-request"),
        (b'{"documents": []}', 422, "invalid-request"),
        (b'{"documents": [{"source": "a", "text": "x"}, {"source": "a", "text": "y"}]}',
         422, "invalid-request"),
        (b" " * 300_001, 413, "too-large"),
    ],
)  # fmt: skip
def test_a_body_that_does_not_fit(
    client: httpx.Client, body: bytes, status: int, kind: str
) -> None:
    reply = client.post("/documents", content=body, headers={"Content-Type": "application/json"})
    _refused(reply, status, kind)


@pytest.mark.parametrize("media", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_documents_come_in_two_ways(client: httpx.Client, media: str | None) -> None:
    headers = {} if media is None else {"Content-Type": media}
    _refused(client.post("/documents", content=b"x", headers=headers), 415, "unknown-media-type")


def test_a_form_without_a_file(client: httpx.Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    reply = client.post("/documents", content=b"--x--\r\n", headers=headers)
    assert "no file" in _refused(reply, 400, "bad-upload")


def test_a_document_is_taken_out(client: httpx.Client, layout: Layout) -> None:
    (row,) = _send(client, ("3", b"A file that is called like an id."))
    third = client.get("/documents/3").json()
    removed = client.delete(f"/documents/{row['id']}")
    assert removed.status_code == 200
    assert document_schemas.Document.model_validate_json(removed.content).source == ".qa/uploads/3"
    assert not (layout.uploads / "3").exists()
    for reply in (
        client.get(f"/documents/{row['id']}"),
        client.get(f"/documents/{row['id']}/versions"),
        client.delete(f"/documents/{row['id']}"),
    ):
        _refused(reply, 404, "unknown-document")
    assert client.get("/documents/3").json() == third


def test_while_another_process_writes_it_is_busy(client: httpx.Client, layout: Layout) -> None:
    with write_lock(layout):
        for reply in (
            client.post("/documents", files={"f": ("busy.txt", b"A tram.")}),
            client.post("/documents", json={"documents": [{"source": "busy", "text": "x"}]}),
            client.delete("/documents/1"),
        ):
            detail = _refused(reply, 503, "archive-busy")
            assert reply.headers["retry-after"] == "5"
            assert str(layout.home) not in detail
    assert not (layout.uploads / "busy.txt").exists()
    assert client.get("/documents/1").status_code == 200


def test_nothing_is_left_lying_about(client: httpx.Client, layout: Layout) -> None:
    _send(client, ("a.txt", b"A tram."), ("b.exe", b"x"))
    client.post(
        "/documents", content=b"--x", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert not [each for each in layout.uploads.iterdir() if each.is_dir()]


def test_a_client_that_hangs_up_adds_nothing(service: Running, layout: Layout) -> None:
    before = _total(service.client)
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(
            b"POST /documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
            b'Content-Disposition: form-data; name="f"; filename="half.txt"\r\n\r\nA half'
        )
        _until(lambda: any(each.is_dir() for each in layout.uploads.iterdir()))
    _until(lambda: not any(each.is_dir() for each in layout.uploads.iterdir()))
    assert not (layout.uploads / "half.txt").exists()
    assert _total(service.client) == before


def _until(condition: Any) -> None:
    pause = threading.Event()
    for _ in range(400):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("it never came about")


def test_several_at_once_are_added_one_after_another(service: Running) -> None:
    def send(number: int) -> httpx.Response:
        address = str(service.client.base_url)
        return httpx.post(
            f"{address}/documents",
            files={"f": (f"at-once-{number}.txt", f"Tram number {number} is late.".encode())},
            timeout=60,
            trust_env=False,
        )

    with concurrent.futures.ThreadPoolExecutor(3) as threads:
        replies = list(threads.map(send, range(3)))
    assert [each.status_code for each in replies] == [200] * 3
    listed = service.client.get("/documents?limit=500").json()["documents"]
    assert {f".qa/uploads/at-once-{number}.txt" for number in range(3)} <= {
        each["source"] for each in listed
    }


def test_an_upload_that_is_too_large(own_home: Path) -> None:
    settings = settings_for(own_home, max_upload_mb=0.05)
    with run(create_app(settings)) as running:
        running.wait()
        for size in (50_001, 600_000):
            reply = running.client.post("/documents", files={"f": ("a.txt", b"x" * size)})
            assert "50,000 bytes" in _refused(reply, 413, "too-large")
        assert running.client.post("/ask", content=b"x" * 60_000).status_code == 422
        _send(running.client, ("a.txt", b"x" * 49_000))
    assert [each.name for each in Layout(own_home).uploads.iterdir()] == ["a.txt"]


def test_a_disk_that_takes_no_more(own_home: Path, caplog: pytest.LogCaptureFixture) -> None:
    with run(create_app(settings_for(own_home))) as running:
        running.wait()
        Layout(own_home).uploads.write_text("not a folder")
        reply = running.client.post("/documents", files={"f": ("a.txt", b"A tram.")})
        _refused(reply, 507, "archive-unwritable")
        assert str(own_home) not in reply.text
        assert running.client.get("/documents").json()["total"] == 5
    assert "cannot write" in caplog.text


def test_the_archive_is_sound_after_all_that(service: Running, layout: Layout) -> None:
    assert problems(layout.home) == []

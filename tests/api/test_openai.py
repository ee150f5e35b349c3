"""OpenAI's own client, asking the real service."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from api.app import create_app
from api.openai import schemas
from index.errors import ArchiveDamaged
from index.types import Document
from qa.opening import open_answerer, open_for_adding
from tests.api.workshop import HeldReader, run, settings_for

MODEL = "cuttings"
QUESTION = "How many children needed specialist services?"
UNANSWERABLE = "Who won the league in 1966?"


def _client(service: httpx.Client) -> openai.OpenAI:
    """Return a client of a service that gives up at the first error."""
    return openai.OpenAI(
        base_url=f"{service.base_url}/v1",
        api_key="none",
        max_retries=0,
        http_client=openai.DefaultHttpxClient(trust_env=False),
    )


@pytest.fixture(scope="module")
def assistant(client: httpx.Client) -> Iterator[openai.OpenAI]:
    with _client(client) as made:
        yield made


def _user(*questions: str) -> Any:
    return [{"role": "user", "content": each} for each in questions]


def _check(service: httpx.Client, completion: ChatCompletion) -> str:
    """Check a completion's shape and quotations, and return its content."""
    # The client takes whatever comes; its types say what it should have been.
    ChatCompletion.model_validate(completion.model_dump(warnings="error"), strict=True)
    (choice,) = completion.choices
    assert choice.finish_reason == "stop"
    content = choice.message.content
    assert content is not None
    _check_annotations(service, content, choice.message.model_dump()["annotations"])
    return content


def _check_annotations(service: httpx.Client, content: str, found: list[dict[str, Any]]) -> None:
    """Check that a text holds the archive's own words, and nothing more but numbers and phrases."""
    left = content
    for number, each in enumerate(found, start=1):
        place, quotation = each["url_citation"], each["quotation"]
        cited = quotation["citation"]
        assert content[place["start_index"] : place["end_index"]] == f"[{number}]"
        quoted = content[quotation["start_index"] : quotation["end_index"]]
        document = service.get(place["url"]).json()
        assert document["text"][cited["sentence_start"] : cited["sentence_end"]] == quoted
        assert cited["document"] == {name: document[name] for name in cited["document"]}
        note = content.rpartition(f"\n\n[{number}] ")[2].partition("\n\n")[0]
        for part in ("title", "author", "publisher", "published", "source"):
            assert document[part] is None or document[part] in note
        place_in_note = f"characters {cited['sentence_start']}-{cited['sentence_end']}"
        assert note.endswith(place_in_note)
        left = left.replace(f"“{quoted}”", "").replace(f"[{number}]", "").replace(note, "")
    for phrase in ("The archive does not say.", "Nearest passages:", "Also:", "But:", "…"):
        left = left.replace(phrase, "")
    assert left.strip() == ""


def test_the_models(assistant: openai.OpenAI) -> None:
    (model,) = assistant.models.list().data
    assert model.id == MODEL
    assert assistant.models.retrieve(MODEL) == model


def test_an_answer_with_its_citations(client: httpx.Client, assistant: openai.OpenAI) -> None:
    completion = assistant.chat.completions.create(model=MODEL, messages=_user(QUESTION))
    content = _check(client, completion)
    assert content.startswith("“As of June, Croydon had 1,789 children identified as")
    asked = client.post("/ask", json={"question": QUESTION}).json()
    outcome = completion.model_dump()["cuttings"]
    assert outcome == {name: asked[name] for name in outcome}
    citation = completion.choices[0].message.model_dump()["annotations"][0]["quotation"]["citation"]
    assert citation == asked["citation"]


def test_the_archive_does_not_say(client: httpx.Client, assistant: openai.OpenAI) -> None:
    completion = assistant.chat.completions.create(model=MODEL, messages=_user(UNANSWERABLE))
    content = _check(client, completion)
    assert content.startswith("The archive does not say.\n\nNearest passages:\n\n“")
    annotations = completion.choices[0].message.annotations
    assert annotations is not None
    assert len(annotations) == 3
    assert not completion.model_dump()["cuttings"]["answered"]


def test_usage_counts_what_was_read_and_written(assistant: openai.OpenAI, fake_home: Path) -> None:
    completion = assistant.chat.completions.create(model=MODEL, messages=_user(QUESTION))
    answerer = open_answerer(settings_for(fake_home))
    content = completion.choices[0].message.content
    asked, written = answerer.archive.embedder.count_tokens([QUESTION, str(content)])
    answerer.archive.close()
    assert completion.usage is not None
    counted = completion.usage
    assert (counted.prompt_tokens, counted.completion_tokens) == (asked, written)
    assert counted.total_tokens == asked + written


@pytest.mark.parametrize(("question", "with_usage"), [(QUESTION, True), (UNANSWERABLE, False)])
def test_a_stream_gives_the_same(
    client: httpx.Client, assistant: openai.OpenAI, question: str, with_usage: bool
) -> None:
    whole = assistant.chat.completions.create(model=MODEL, messages=_user(question))
    chunks = list(
        assistant.chat.completions.create(
            model=MODEL,
            messages=_user(question),
            stream=True,
            stream_options={"include_usage": with_usage},
        )
    )
    for each in chunks:
        ChatCompletionChunk.model_validate(each.model_dump(warnings="error"), strict=True)
    assert len({each.id for each in chunks}) == 1
    if with_usage:
        assert chunks[-1].choices == []
        assert chunks.pop().usage == whole.usage
    assert all(each.usage is None for each in chunks)
    deltas = [each.choices[0].delta for each in chunks]
    assert deltas[0].role == "assistant"
    content = "".join(str(each.content) for each in deltas if each.content is not None)
    assert content == whole.choices[0].message.content
    (annotations,) = [a for a in (e.model_dump().get("annotations") for e in deltas) if a]
    _check_annotations(client, content, annotations)
    assert [each.choices[0].finish_reason for each in chunks][-2:] == [None, "stop"]
    outcome = chunks[-2].model_dump()["cuttings"]
    assert outcome == whole.model_dump()["cuttings"]


def test_a_stream_ends_as_openais_do(client: httpx.Client) -> None:
    body = {"model": MODEL, "messages": _user(QUESTION), "stream": True}
    reply = client.post("/v1/chat/completions", json=body)
    assert reply.headers["content-type"].startswith("text/event-stream")
    *events, done, rest = reply.text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    assert all(json.loads(each.removeprefix("data: ")) for each in events)
    assert not any("usage" in each for each in events)


def test_the_clients_own_way_with_a_stream(client: httpx.Client, assistant: openai.OpenAI) -> None:
    with assistant.chat.completions.stream(model=MODEL, messages=_user(QUESTION)) as stream:
        kinds = {each.type for each in stream}
        completion = stream.get_final_completion()
    assert "content.delta" in kinds
    message = completion.choices[0].message
    assert message.content is not None
    _check_annotations(client, message.content, message.model_dump()["annotations"])


def test_the_asynchronous_client(client: httpx.Client, assistant: openai.OpenAI) -> None:
    async def ask() -> tuple[str | None, str]:
        async with openai.AsyncOpenAI(
            base_url=f"{client.base_url}/v1",
            api_key="none",
            http_client=openai.DefaultAsyncHttpxClient(trust_env=False),
        ) as asynchronous:
            create = asynchronous.chat.completions.create
            plain = await create(model=MODEL, messages=_user(QUESTION))
            pieces = [
                each.choices[0].delta.content
                async for each in await create(model=MODEL, messages=_user(QUESTION), stream=True)
            ]
            return plain.choices[0].message.content, "".join(map(str, filter(None, pieces)))

    whole = assistant.chat.completions.create(model=MODEL, messages=_user(QUESTION))
    content = whole.choices[0].message.content
    assert asyncio.run(ask()) == (content, content)


def test_a_question_may_lean_on_earlier_ones(assistant: openai.OpenAI) -> None:
    completion = assistant.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": "You are a pirate."},
            {"role": "developer", "content": [{"type": "text", "text": "Use two words."}]},
            {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
            {"role": "assistant", "content": "“1,789” [1]"},
            {"role": "user", "content": "And why was that?"},
        ],
    )
    outcome = completion.model_dump()["cuttings"]
    assert outcome["standalone_question"] == (
        "Why is it that so many children needed specialist services?"
    )
    content = completion.choices[0].message.content
    assert content is not None
    assert content.startswith(f"Read as: {outcome['standalone_question']}\n\n")


def test_a_question_may_lean_on_what_was_answered(assistant: openai.OpenAI) -> None:
    sentence = "Eleanor Brazil was sent in by the Government."
    completion = assistant.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "user", "content": "Who did the Government send in?"},
            {
                "role": "assistant",
                "content": f"“Eleanor Brazil”\n\n“{sentence}” [1]\n\n[1] A title",
            },
            {"role": "user", "content": "Where had she worked before?"},
        ],
    )
    assert completion.model_dump()["cuttings"]["standalone_question"] == (
        "Where had Eleanor Brazil worked before?"
    )


def test_a_long_conversation_with_refused_questions_in_it_goes_on(
    assistant: openai.OpenAI,
) -> None:
    messages = _user("", "x" * 2000, "Who\x00?", *["Who was that?"] * 150, QUESTION)
    completion = assistant.chat.completions.create(model=MODEL, messages=messages)
    assert completion.model_dump()["cuttings"]["answered"]


HARMLESS: dict[str, Any] = {
    "temperature": 0.2,
    "top_p": 0.5,
    "max_tokens": 5,
    "stop": ["1,789"],
    "seed": 1,
    "user": "somebody",
    "n": 1,
    "tools": [{"type": "function", "function": {"name": "search", "parameters": {}}}],
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "response_format": {"type": "text"},
    "logprobs": False,
    "modalities": ["text"],
    "metadata": {"a": "b"},
    "extra_body": {"of_tomorrow": 1, "function_call": None},
}


def test_what_does_no_harm_has_no_effect(client: httpx.Client, assistant: openai.OpenAI) -> None:
    plain = assistant.chat.completions.create(model=MODEL, messages=_user(QUESTION))
    other = assistant.chat.completions.create(model=MODEL, messages=_user(QUESTION), **HARMLESS)
    assert _check(client, other) == plain.choices[0].message.content


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"n": 2}, "n"),
        ({"n": "two"}, "n"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "response_format"),
        ({"response_format": "json"}, "response_format"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice"),
        ({"function_call": {"name": "f"}}, "function_call"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"logprobs": True}, "logprobs"),
        ({"stream": "perhaps"}, "stream"),
        ({"stream_options": []}, "stream_options"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "Hello"}]}, "messages"),
        ({"messages": [{"role": "king", "content": "Hello"}]}, "messages"),
        ({"messages": [{"role": "user"}]}, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": 5}]}]}, "messages"),
        ({"messages": _user("")}, "messages"),
        ({"messages": _user("x" * 1001)}, "messages"),
        ({"messages": "Who?"}, "messages"),
    ],
)
def test_what_would_mislead_is_refused(
    assistant: openai.OpenAI, given: dict[str, Any], field: str
) -> None:
    body = {"model": MODEL, "messages": _user(QUESTION), **given}
    with pytest.raises(openai.BadRequestError) as caught:
        assistant.post("/chat/completions", body=body, cast_to=ChatCompletion)
    assert caught.value.param == field
    assert caught.value.type == "invalid_request_error"
    assert caught.value.code in ("invalid_request", "bad_question")


def test_another_model_is_not_here(assistant: openai.OpenAI) -> None:
    for ask in (
        lambda: assistant.models.retrieve("gpt-4o"),
        lambda: assistant.chat.completions.create(model="gpt-4o", messages=_user(QUESTION)),
    ):
        with pytest.raises(openai.NotFoundError) as caught:
            ask()
        assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


def _fault(reply: httpx.Response, status: int, code: str) -> schemas.Fault:
    """Check that a reply is an error of OpenAI's shape, and return what it says."""
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/json"
    fault = schemas.Error.model_validate_json(reply.content, extra="forbid").error
    assert fault.code == code
    assert "\n" not in fault.message
    return fault


def test_every_error_has_openais_shape(client: httpx.Client) -> None:
    address, json_type = "/v1/chat/completions", {"Content-Type": "application/json"}
    _fault(client.post(address, content=b"{", headers=json_type), 400, "malformed_body")
    _fault(client.post(address, content=b"{}"), 400, "invalid_request")
    _fault(client.post(address, json=[]), 400, "invalid_request")
    _fault(client.post(address, content=b"x" * 1_000_001), 413, "too_large")
    _fault(client.get(address), 405, "wrong_method")
    for unknown in ("/v1", "/v1/", "/v1/embeddings", "/v1/models/a/b"):
        _fault(client.get(unknown), 404, "unknown_address")
    surrogate = {"model": MODEL, "messages": _user("Who \ud800?")}
    reply = client.post(address, content=json.dumps(surrogate), headers=json_type)
    assert "lone surrogate" in _fault(reply, 400, "bad_question").message
    assert client.get("/v12").json()["type"] == "/problems/unknown-address"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(ArchiveDamaged("/srv/papers"), 503, "archive_unavailable"),
     (RuntimeError("/srv/papers"), 500, "unexpected")],
)  # fmt: skip
def test_trouble_of_the_services_own(
    fake_home: Path, reader: HeldReader, error: Exception, status: int, code: str
) -> None:
    reader.error = error
    reader.go_on.set()
    with reader.serving(fake_home) as running, _client(running.client) as assistant:
        with pytest.raises(openai.InternalServerError) as caught:
            assistant.chat.completions.create(model=MODEL, messages=_user(QUESTION))
        assert (caught.value.status_code, caught.value.code) == (status, code)
        assert caught.value.type == "server_error"
        assert "/srv/papers" not in str(caught.value)
        assert ("retry-after" in caught.value.response.headers) == (status == 503)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Asks about documents that call all sorts of things their address."""
    home = tmp_path_factory.mktemp("hostile") / ".qa"
    archive = open_for_adding(settings_for(home, embedder="fake"))
    text = 'The mayor of Purley is Ann\u2028data: [DONE]\u2029 Other\x85, "she" said.'
    archive.add_documents(
        [
            Document("a", text, "Mayor", url="javascript:alert(1)"),
            Document("b", "The zeppelin of Addiscombe is called Bertha.", "Zeppelin",
                     url="https://paper.example/zeppelin"),
        ]
    )  # fmt: skip
    archive.close()
    with run(create_app(settings_for(home, min_confidence=1))) as running:
        running.wait()
        yield running.client


def _annotation(service: httpx.Client, question: str) -> Any:
    with _client(service) as assistant:
        completion = assistant.chat.completions.create(model=MODEL, messages=_user(question))
        annotations = completion.choices[0].message.annotations
        assert annotations
        return annotations[0].url_citation


def test_a_document_is_opened_at_its_own_address_if_that_is_one(hostile: httpx.Client) -> None:
    zeppelin = _annotation(hostile, "What is the zeppelin of Addiscombe called?")
    assert (zeppelin.title, zeppelin.url) == ("Zeppelin", "https://paper.example/zeppelin")
    mayor = _annotation(hostile, "Who is the mayor of Purley?")
    assert mayor.url == f"{hostile.base_url}/documents/1/versions/1"


def test_no_document_can_end_a_stream(hostile: httpx.Client) -> None:
    with _client(hostile) as assistant:
        question = _user("Who is the mayor of Purley?")
        whole = assistant.chat.completions.create(model=MODEL, messages=question)
        chunks = assistant.chat.completions.create(model=MODEL, messages=question, stream=True)
        content = "".join(str(e.choices[0].delta.content or "") for e in chunks)
    assert content == whole.choices[0].message.content
    assert "Ann\u2028data: [DONE]\u2029 Other\x85" in content

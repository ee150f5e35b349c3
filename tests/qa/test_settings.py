"""Where settings come from, and what is wrong with those that do not fit."""

from pathlib import Path

import pytest

from index.errors import BadSetting
from qa.settings import Settings, read_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "qa.toml"


def test_without_any_source_the_defaults_hold(file: Path) -> None:
    assert read_settings({}, {}, file) == Settings()


def test_the_command_line_goes_before_the_environment_before_the_file(file: Path) -> None:
    file.write_text("top_k = 1\nport = 1\nworkers = 1\n")
    environment = {"QA_TOP_K": "2", "QA_PORT": "2", "PATH": "/bin"}
    found = read_settings({"top_k": 3, "port": None, "workers": None}, environment, file)
    assert (found.top_k, found.port, found.workers) == (3, 2, 1)
    assert found.queue == Settings().queue


@pytest.mark.parametrize("source", ["command line", "environment", "file"])
def test_nothing_is_a_legal_value(source: str, file: Path) -> None:
    given = {"min_confidence": 0.0, "port": 0, "queue": 0} if source == "command line" else {}
    environment = {}
    if source == "environment":
        environment = {"QA_MIN_CONFIDENCE": "0.0", "QA_PORT": "0", "QA_QUEUE": "0"}
    if source == "file":
        file.write_text("min_confidence = 0.0\nport = 0\nqueue = 0\n")
    found = read_settings(given, environment, file)
    assert (found.min_confidence, found.port, found.queue) == (0, 0, 0)


def test_nothing_on_the_command_line_outdoes_something_elsewhere(file: Path) -> None:
    file.write_text("min_confidence = 0.9\n")
    assert read_settings({"min_confidence": 0.0}, {"QA_PORT": "1"}, file).min_confidence == 0


def test_an_unknown_key_names_the_nearest_and_its_source(file: Path) -> None:
    with pytest.raises(BadSetting, match="tok_k on the command line; did you mean top_k"):
        read_settings({"tok_k": 3}, {}, file)
    with pytest.raises(BadSetting, match="QA_HOEM in the environment; did you mean QA_HOME"):
        read_settings({}, {"QA_HOEM": "archive"}, file)
    file.write_text("min_confidance = 0.5\n")
    with pytest.raises(BadSetting, match=r"min_confidance in .*qa\.toml; did you mean min_conf"):
        read_settings({}, {}, file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("top_k", "0"),
        ("top_k", "101"),
        ("top_k", "many"),
        ("top_k", "2.5"),
        ("min_confidence", "-0.1"),
        ("min_confidence", "1.1"),
        ("min_confidence", "nan"),
        ("max_file_mb", "0"),
        ("max_file_mb", "inf"),
        ("port", "65536"),
        ("workers", "0"),
        ("queue", "-1"),
        ("embedder", ""),
        ("embedder", " "),
        ("auth", "perhaps"),
        ("allowed_hosts", "https://cuttings.example"),
        ("cors", "news.example"),
        ("cors", "https://news.example/page"),
        ("rate_per_key", "-1"),
        ("rate_per_address", "-1"),
        ("max_question", "0"),
        ("max_question", "10001"),
        ("max_body_kb", "0"),
        ("max_upload_mb", "0"),
        ("answer_seconds", "-1"),
        ("request_seconds", "0"),
    ],
)
def test_a_value_that_does_not_fit_names_setting_value_and_source(
    name: str, value: str, file: Path
) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings({}, {f"QA_{name.upper()}": value}, file)
    message = str(caught.value)
    assert f"{name} = '{value}' in the environment" in message
    assert message.isprintable()


def test_a_name_that_is_no_text(file: Path) -> None:
    with pytest.raises(BadSetting, match="embedder = "):
        read_settings({"embedder": "model-\udcff"}, {}, file)


def test_a_value_of_the_wrong_kind_in_the_file(file: Path) -> None:
    file.write_text("[home]\nfolder = 'archive'\n")
    with pytest.raises(BadSetting, match=r"home = .* in .*qa\.toml"):
        read_settings({}, {}, file)


@pytest.mark.parametrize(
    "content", [b"home = ", b"= 3", b"home = 'a'\nhome = 'b'", b"home = '\xff'", b"\x00"]
)
def test_a_file_that_is_not_toml(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(BadSetting, match=r"qa\.toml cannot be read"):
        read_settings({}, {}, file)


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read"):
        read_settings({}, {}, tmp_path)


def test_the_embedder_of_a_new_archive() -> None:
    assert Settings().embedder_name == "all-MiniLM-L6-v2"
    assert Settings(embedder="fake").embedder_name == "fake"


@pytest.mark.parametrize(
    ("value", "pages"),
    [
        ("https://a.example", ("https://a.example",)),
        ("https://a.example,http://[::1]:3000", ("https://a.example", "http://[::1]:3000")),
        (" https://a.example  https://b.example, ", ("https://a.example", "https://b.example")),
        ("*", ("*",)),
        ("", ()),
    ],
)
def test_a_list_in_the_environment_is_parted_by_commas_or_spaces(
    value: str, pages: tuple[str, ...], file: Path
) -> None:
    assert read_settings({}, {"QA_CORS": value}, file).cors == pages
    file.write_text(f"cors = {list(pages)!r}\n")
    assert read_settings({}, {}, file).cors == pages

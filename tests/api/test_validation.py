"""What clients are told of their mistakes."""

from fastapi.exceptions import RequestValidationError

from api.validation import LONGEST_NAME, describe, is_malformed


def test_a_field_is_named_as_one_would_write_it() -> None:
    error = RequestValidationError(
        [{"type": "string_type", "loc": ("body", "history", 2), "msg": "Input should be text"}]
    )
    assert describe(error) == "history[2]: input should be text"
    assert not is_malformed(error)


def test_a_body_that_is_not_json_is_told_apart() -> None:
    error = RequestValidationError(
        [{"type": "json_invalid", "loc": ("body", 12), "msg": "JSON decode error",
          "ctx": {"error": "Expecting value"}}]
    )  # fmt: skip
    assert is_malformed(error)
    assert describe(error) == "the body is not JSON at character 12: Expecting value"


def test_a_body_that_is_no_object_is_told() -> None:
    error = RequestValidationError([{"type": "missing", "loc": ("body",), "msg": ""}])
    assert describe(error).startswith("the body must be a JSON object")


def test_of_many_faults_the_first_are_shown() -> None:
    faults = [{"type": "missing", "loc": ("body", f"f{at}"), "msg": ""} for at in range(9)]
    told = describe(RequestValidationError(faults))
    assert told.startswith("f0 is missing; add it; f1 ")
    assert told.endswith("f4 is missing; add it; and 4 more")


def test_a_name_that_a_client_made_up_is_cut_short() -> None:
    fault = {"type": "extra_forbidden", "loc": ("body", "x" * 100_000), "msg": ""}
    assert len(describe(RequestValidationError([fault]))) < LONGEST_NAME + 100

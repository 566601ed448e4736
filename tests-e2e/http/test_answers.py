"""What every answer carries, whatever it answers: ids, security, methods, and nothing for other sites."""

from collections.abc import Callable, Iterator

import pytest

from shared.testing.service import Caller, ServiceUnderTest

PATH = {"directory": "/api/v1/directory/branches", "clients": "/api/v1/clients/statuses"}
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture(params=sorted(PATH))
def service(request: pytest.FixtureRequest, service_of: Callable[..., ServiceUnderTest]) -> ServiceUnderTest:
    return service_of(request.param)


@pytest.fixture
def path(service: ServiceUnderTest) -> str:
    return PATH[service.card.name]


@pytest.fixture
def reader(service: ServiceUnderTest) -> Iterator[Caller]:
    yield service.signed_in("directory.read", "clients.read", "clients.lists.write")


@pytest.mark.parametrize("sent", ["", "short", "with a space", "x" * 65, "ok-1234\u00e9", "<script>1</script>"])
def test_an_id_that_could_harm_a_log_is_not_taken(reader, path, sent):
    answer = reader.get(path, headers={"X-Request-ID": sent})
    assert answer.headers["X-Request-ID"] != sent
    assert len(answer.headers["X-Request-ID"]) == 32


def test_the_id_of_a_request_is_taken_and_given_back(reader, path):
    assert reader.get(path, headers={"X-Request-ID": "click-0001"}).headers["X-Request-ID"] == "click-0001"
    refused = reader.get(f"{path}/nonsense", headers={"X-Request-ID": "click-0002"})
    assert refused.json["request_id"] == refused.headers["X-Request-ID"] == "click-0002"


def test_a_trace_goes_on_in_the_events_of_a_request(service_of):
    clients = service_of("clients")
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    answer = clients.signed_in("clients.lists.write").post(PATH["clients"], {"name": "Nuevo"}, headers=headers)
    assert answer.headers["X-Request-ID"] == TRACE
    (event,) = clients.emitted()
    assert event.traceparent.split("-")[1] == TRACE
    assert event.correlation_id == TRACE


def test_every_answer_is_safe_to_look_at_in_a_browser_and_kept_nowhere(service, reader, path):
    for answer in (reader.get(path), reader.get("/nowhere"), service.anonymous().get(path), reader.delete(path)):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers


def test_pages_of_other_sites_are_given_nothing(reader, path):
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        for method in ("GET", "OPTIONS", "POST"):
            asks = headers | {
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization",
            }
            answer = reader.request(method, path, headers=asks)
            assert not [name for name, _ in answer.headers if name.lower().startswith("access-control-")]


def test_what_cannot_be_done_is_refused_with_what_can(reader, path):
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        answer = reader.request(method, path)
        assert answer.status_code == 405, method
        assert answer.content_type == "application/problem+json"
        assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))


def test_head_is_get_without_a_body(reader, path):
    got, head = reader.get(path), reader.request("HEAD", path)
    assert head.status_code == got.status_code == 200
    assert head.data == b""
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert reader.request("HEAD", "/nowhere").status_code == 404


def test_options_says_what_can_be_done(service, path):
    answer = service.anonymous().request("OPTIONS", path)
    assert answer.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))


def test_a_path_that_leads_nowhere_is_a_problem_and_never_a_redirect(reader, path):
    for nowhere in ("/nowhere", f"{path}/", path.replace("/v1/", "/v1//"), f"{path}/%2e%2e", f"{path}/\u00e9"):
        answer = reader.get(nowhere)
        assert answer.status_code == 404, nowhere
        assert answer.json["code"] == "not_found"

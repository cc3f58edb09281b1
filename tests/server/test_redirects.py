import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_server.web.safe_redirects import safe_next


@pytest.mark.parametrize(
    "address", ["/", "/records/x/new?item=income-01", "/handbook/areas/01.html#income-01"]
)
def test_an_address_of_this_site_is_followed(address):
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None, "", "records", "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example",
        "\\\\elsewhere.example", "/\t/elsewhere.example", "/a\r\nSet-Cookie: a=b", "javascript:alert(1)",
        "/\x00/", "///elsewhere.example",
    ],
)  # fmt: skip
def test_any_other_address_leads_home(address):
    assert safe_next(address) == "/"


@given(st.text())
def test_whatever_is_followed_stays_here(text):
    address = safe_next("/" + text)
    assert address.startswith("/")
    assert address[1:2] not in {"/", "\\"}


@pytest.mark.parametrize("address", ["/accounts?x=1", "/ledgers", "/records/household-issues"])
def test_a_redirect_ignores_a_forged_host(office, address):
    answer = office.get(address, headers={"Host": "evil.example"})
    assert answer.status_code in {301, 303, 308}
    assert str(answer.location).startswith("/")
    assert not str(answer.location).startswith("//")
    assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("address", ["/ledgers/export.xlsx", "/ledgers/template/household-issues.xlsx"])
def test_no_browser_keeps_a_download(reporter, record, address):
    assert reporter.get(address).headers["Cache-Control"] == "no-store"

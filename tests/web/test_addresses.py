"""Only paths of this portal are followed."""

import pytest

from portal.web.addresses import path_here


@pytest.mark.parametrize("address", ["/events/", "/events/3?tab=signups", "/me#calendar"])
def test_own_paths_are_followed(address: str) -> None:
    assert path_here(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "events",
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "/\texample.org",
        "javascript:alert(1)",
        "/events\r\nX: y",
    ],
)
def test_everything_else_leads_home(address: str | None) -> None:
    assert path_here(address) == "/"

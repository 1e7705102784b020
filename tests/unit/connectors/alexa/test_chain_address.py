"""Amazon's own vectors (ASK, "Verify the signature certificate URL"), and what they leave open."""

import pytest

from assistant.core.errors import NotAllowed
from connectors.alexa.chain_address import chain_address

pytestmark = pytest.mark.unit

ADDRESS = "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        (ADDRESS, ADDRESS),
        ("https://s3.amazonaws.com:443/echo.api/echo-api-cert.pem", ADDRESS),
        ("https://s3.amazonaws.com/echo.api/../echo.api/echo-api-cert.pem", ADDRESS),
        ("HTTPS://S3.AmazonAWS.com/echo.api/echo-api-cert.pem", ADDRESS),
        ("https://s3.amazonaws.com/echo.api/./a//x-12-ats.pem", "https://s3.amazonaws.com/echo.api/a/x-12-ats.pem"),
    ],
)
def test_address_when_amazons_then_has_one_form(named: str, asked: str) -> None:
    assert chain_address(named) == asked


@pytest.mark.parametrize(
    "named",
    [
        "",
        "http://s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://notamazon.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/EcHo.aPi/echo-api-cert.pem",
        "https://s3.amazonaws.com/invalid.path/echo-api-cert.pem",
        "https://s3.amazonaws.com:563/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com:0443/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com:/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api",
        "https://s3.amazonaws.com/echo.api/",
        "https://s3.amazonaws.com/echo.api/..",
        "https://s3.amazonaws.com/echo.api/../evil/x.pem",
        "https://s3.amazonaws.com/echo.api/%2e%2e/evil/x.pem",
        "https://s3.amazonaws.com/echo.api/%2E%2E%2Fevil/x.pem",
        "https://s3.amazonaws.com/echo.api/..%2fevil/x.pem",
        "https://s3.amazonaws.com/echo.api/..%5cevil/x.pem",
        "https://s3.amazonaws.com/echo.api/..\\evil\\x.pem",
        "https://s3.amazonaws.com\\@evil.example/echo.api/x.pem",
        "https://evil.example@s3.amazonaws.com/echo.api/x.pem",
        "https://s3.amazonaws.com@evil.example/echo.api/x.pem",
        "https://s3.amazonaws.com.evil.example/echo.api/x.pem",
        "https://s3.amazonaws.com./echo.api/x.pem",
        "https://s3.amazonaws.com/echo.api/x.pem?versionId=1",
        "https://s3.amazonaws.com/evil/?/echo.api/x.pem",
        "https://s3.amazonaws.com/echo.api/x.pem#y",
        "https://s3.amazonaws.com/echo.api/x.pem;y",
        "https://s3.amazonaws.com//echo.api/x.pem",
        " https://s3.amazonaws.com/echo.api/x.pem",
        "https://s3.amazonaws.com/echo.api/x.pem\n",
        "https://s3.amazonaws.com/echo.api/x.pem\r\nHost: evil.example",
        "https://s3.amazonaws.com/echo.api/\u0435.pem",
        "https://s3.amazon\u0430ws.com/echo.api/x.pem",
        "https:/s3.amazonaws.com/echo.api/x.pem",
        "https://s3.amazonaws.com/echo.api/" + "x" * 600,
    ],
)
def test_address_when_not_amazons_or_not_plain_then_is_refused(named: str) -> None:
    with pytest.raises(NotAllowed):
        chain_address(named)

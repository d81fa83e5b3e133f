"""A client of uploads in pieces, for tests."""

import base64
from typing import Any

from werkzeug.test import TestResponse

from tests.page import Browser, Page


class Tus:
    """A client that speaks the protocol, as somebody who is signed in."""

    def __init__(self, browser: Browser) -> None:
        self.client = browser.client
        self.token = browser.token()

    def ask(self, method: str, path: str, data: bytes = b"", **headers: Any) -> TestResponse:
        told = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.token, "HX-Request": "true"}
        told |= {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return self.client.open(path, method=method, data=data, headers=told)

    def begin(
        self, length: int, name: str = "录像.mp4", owner: int = 0, path: str = "/materials/uploads"
    ) -> TestResponse:
        told = {"filename": name, "owner": str(owner)}
        metadata = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items()
        )
        return self.ask("POST", path, Upload_Length=length, Upload_Metadata=metadata)

    def piece(self, path: str, at: int, data: bytes, **headers: Any) -> TestResponse:
        kind = headers.pop("Content_Type", "application/offset+octet-stream")
        return self.ask("PATCH", path, data, Upload_Offset=at, Content_Type=kind, **headers)

    def offset(self, path: str) -> int:
        return int(self.ask("HEAD", path).headers["Upload-Offset"])

    def outcome(self, path: str) -> Page:
        return Page(self.ask("POST", f"{path}/outcome"), whole=False)

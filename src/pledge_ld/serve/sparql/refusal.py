"""What is not answered, and why: RFC 9457 problem details, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

MEDIA = "application/problem+json"
RETRY = {429: 2, 503: 10}
"""Seconds after which it is worth asking again, by status."""
_TOO_LATE = 408
_TITLES = {
    400: ("The request cannot be read", "リクエストを読み取れません"),
    403: ("Not allowed here", "ここでは許可されていません"),
    404: ("There is no such thing", "見つかりません"),
    405: ("Not with this method", "このメソッドは使えません"),
    406: ("Not in a form you accept", "受け付けられる形式がありません"),
    408: ("The request did not come in time", "リクエストが時間内に届きませんでした"),
    413: ("Too large", "大きすぎます"),
    415: ("Not in a form we read", "この形式は読み取れません"),
    429: ("Too many queries are waiting", "待っている問い合わせが多すぎます"),
    503: ("The query was stopped", "問い合わせを中止しました"),
}


@dataclass
class Refusal(Exception):  # noqa: N818 - most are no error of ours, and all are answers
    """A query that is answered with a problem instead; caught in one place, at the route."""

    status: int
    detail: str
    detail_ja: str

    def body(self) -> bytes:
        """The problem details as JSON."""
        title, title_ja = _TITLES[self.status]
        return orjson.dumps(
            {
                "type": "about:blank",
                "title": f"{title} / {title_ja}",
                "status": self.status,
                "detail": f"{self.detail} / {self.detail_ja}",
            },
            option=orjson.OPT_APPEND_NEWLINE,
        )

    def headers(self) -> dict[str, str]:
        """When to ask again, where that helps; nothing may keep the answer."""
        retry = {"Retry-After": str(RETRY[self.status])} if self.status in RETRY else {}
        close = {"Connection": "close"} if self.status == _TOO_LATE else {}
        return {"Cache-Control": "no-store", **retry, **close}

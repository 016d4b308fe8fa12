"""What requests cost an installation in processor time, all of its processes together; see docs/performance.md."""

from collections.abc import Callable, Sequence

from flask import Flask

from bench.rig import processes
from bench.rig.browsing import redemptions, sign_ups, token_on
from bench.rig.clients import Phone, Reply, get, post
from bench.rig.district import a_guardian, a_student, browser_of, office, portal_with
from bench.rig.hello import seconds_of_a_hello
from bench.rig.report import Report
from bench.rig.scale import Scale
from bench.rig.server import Installation, installed

PAGES, WRITES, HASHES = 300, 100, 40

#: The requests of somebody who comes with a letter, and of somebody who signs in, by what they cost alone.
NEW_FAMILY = ("join page", "join page", "join page", "join page", "sign up", "family", "child's page")
RETURNING = ("join page", "sign in refused", "family", "child's page")


def run(report: Report, scale: Scale) -> None:
    """Milliseconds of processor a request, one after another, in a district of 2,000 in the school looked at."""
    pages, writes, hashes = (scale.of(count, smallest=2) for count in (PAGES, WRITES, HASHES))
    with portal_with(scale.of(2_000, smallest=60)) as app:
        asked = _pages(app, pages) | _forms(app, writes, hashes)
        with installed(app, PORTAL_TRUSTED_PROXIES="1") as installation:
            for requests in asked.values():
                requests.pop()(installation.port)
            installation.settle()
            cost = {name: _milliseconds(installation, requests) for name, requests in asked.items()}
    for name, milliseconds in cost.items():
        report.told(f"processor, {name}, ms", milliseconds)
    report.told("processor, a family with a letter, all pages, ms", sum(cost[name] for name in NEW_FAMILY))
    report.told("processor, a family that signs in, all pages, ms", sum(cost[name] for name in RETURNING))
    report.told("a hello on this machine, microseconds", seconds_of_a_hello() * 1e6)


Request = Callable[[int], Reply]


def _pages(app: Flask, count: int) -> dict[str, list[Request]]:
    with app.app_context():
        student = a_student().public_id
        family, clerk = (Phone.of(app, browser_of(app, account)) for account in (a_guardian(), office()))
    asked = {
        "join page": (Phone(), "/join"),
        "family": (family, "/family"),
        "child's page": (family, f"/family/students/{student}"),
        "list": (clerk, "/students"),
        "tab": (clerk, f"/students/{student}/portal-access"),
        "bulk page": (clerk, "/portal-access"),
    }
    return {name: [_getting(*page)] * (count + 1) for name, page in asked.items()}


def _forms(app: Flask, writes: int, hashes: int) -> dict[str, list[Request]]:
    """The codes of the last students are redeemed, and by those who sign up once more: both may see the child."""
    redeeming = [
        _posting(Phone.of(app, form.browser, form.fields["csrf_token"]), form.address, {}, n)
        for n, form in enumerate(redemptions(app, writes + 1))
    ]
    signing_up = [
        _posting(Phone.of(app, form.browser, form.fields["csrf_token"]), form.address, form.fields, n)
        for n, form in enumerate(sign_ups(app, hashes + 1))
    ]
    stranger = app.test_client()
    phone = Phone.of(app, stranger, token_on(stranger.get("/sign-in").text))
    wrong = [
        {"email": f"nobody{n}@mail.example.com", "password": "not this one at all"} for n in range(hashes + 1)
    ]
    guessing = [_posting(phone, "/sign-in", fields, 500 + n) for n, fields in enumerate(wrong)]
    return {"redeem": redeeming, "sign up": signing_up, "sign in refused": guessing}


def _getting(phone: Phone, address: str) -> Request:
    return lambda port: _checked(get(port, phone, address), {200})


def _posting(phone: Phone, address: str, fields: dict[str, str], number: int) -> Request:
    sent = {name: value for name, value in fields.items() if name != "csrf_token"}
    came_from = f"198.51.{number // 250}.{number % 250}"
    return lambda port: _checked(post(port, phone, address, came_from=came_from, **sent), {303, 200, 422})


def _checked(reply: Reply, expected: set[int]) -> Reply:
    if reply.status not in expected:
        raise RuntimeError(f"answered {reply.status}")
    return reply


def _milliseconds(installation: Installation, requests: Sequence[Request]) -> float:
    before = processes.cpu_seconds(installation.pids)
    for request in requests:
        request(installation.port)
    return (processes.cpu_seconds(installation.pids) - before) / len(requests) * 1000

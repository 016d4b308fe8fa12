"""Whether anybody waits for somebody else: for slow bodies, for wrong passwords, for a roster that is applied."""

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread
from time import monotonic, sleep

from flask import Flask

from bench.rig.browsing import redemptions, token_on
from bench.rig.bundle import write_bundle
from bench.rig.clients import Phone, Reply, crowd, get, post
from bench.rig.district import a_guardian, browser_of, network_admin, office, portal_with
from bench.rig.report import Report
from bench.rig.scale import FULL, Scale
from bench.rig.server import HERE, command, environment_of, installed
from bench.rig.slow import dripping

BODIES, HONEST, WRONG, FAMILIES, STUDENTS = 64, 100, 100, 16, 50_000

#: Seconds after which an honest visitor gives up, and after which all hundred have.
PATIENCE, IN_ALL = 10, 60

#: How often each family redeems, and seconds between two times.
TIMES, PAUSE = 20, 0.5


def run(report: Report, scale: Scale) -> None:
    """On the installation as it is started; clients are threads of this process, on the same cores."""
    families, times = scale.of(FAMILIES, smallest=2), scale.of(TIMES, smallest=1)
    with portal_with(max(4 * families * times, 60), schools=1) as app:
        phones = [
            Phone.of(app, form.browser, form.fields["csrf_token"])
            for form in redemptions(app, families * times)
        ]
        with installed(app, PORTAL_TRUSTED_PROXIES="1") as installation:
            installation.settle()
            _slow_bodies(report, scale, app, installation.port)
            _wrong_passwords(report, scale, app, installation.port)
            _roster(report, scale, app, installation.port, [phones[n::families] for n in range(families)])


def _slow_bodies(report: Report, scale: Scale, app: Flask, port: int) -> None:
    honest = scale.of(HONEST, smallest=3)
    pages = _honest_pages(app)
    with app.app_context():
        browser = browser_of(app, network_admin())
    uploader = Phone.of(app, browser, token_on(browser.get("/settings/roster/new").text))
    with dripping(port, scale.of(BODIES, smallest=2), uploader):
        sleep(2)
        end = monotonic() + IN_ALL
        visits = cycle(pages)
        replies = [get(port, *next(visits), patience=PATIENCE) for _ in range(honest) if monotonic() < end]
    answered = [reply.seconds for reply in replies if reply.status == 200]
    report.at_most("waiting: of 100 pages, unanswered beside 64 slow bodies", honest - len(answered), 0)
    report.at_most("waiting: their p99, seconds", _percentile(answered, 99), 0.5)


def _honest_pages(app: Flask) -> list[tuple[Phone, str]]:
    with app.app_context():
        family, clerk = browser_of(app, a_guardian()), browser_of(app, office())
    return [(Phone.of(app, family), "/family"), (Phone(), "/sign-in"), (Phone.of(app, clerk), "/students")]


def _wrong_passwords(report: Report, scale: Scale, app: Flask, port: int) -> None:
    """Each from an address of its own, for an account of its own; three times, so that there is time to look."""
    [(family, address), *_others] = _honest_pages(app)
    looks, wrong = scale.of(60, smallest=4), scale.of(WRONG, smallest=3)
    volleys = [
        [_guess(app, port, turn * wrong + n) for n in range(wrong)] for turn in range(scale.of(3, smallest=1))
    ]
    idle = [get(port, family, address).seconds for _ in range(looks)]
    replies: list[Reply] = []
    busy = _meanwhile(
        lambda: [replies.extend(crowd(volley)) for volley in volleys],
        lambda: get(port, family, address).seconds,
    )
    report.at_most("waiting: family p95 beside 100 wrong passwords, in idle", _p95(busy) / _p95(idle), 2)
    report.told(
        "waiting: wrong passwords that were put off, of 300", sum(each.status == 503 for each in replies)
    )


def _guess(app: Flask, port: int, number: int) -> Callable[[], Reply]:
    browser = app.test_client()
    phone = Phone.of(app, browser, token_on(browser.get("/sign-in").text))
    fields = {"email": f"family{number + 10}@mail.example.com", "password": "not this one at all"}
    return lambda: post(port, phone, "/sign-in", came_from=f"198.51.{number // 250}.{number % 250}", **fields)


def _roster(report: Report, scale: Scale, app: Flask, port: int, families: Sequence[Sequence[Phone]]) -> None:
    students = scale.of(STUDENTS, smallest=40) if scale is FULL else scale.of(5_000, smallest=40)
    replies: list[Reply] = []
    with tempfile.TemporaryDirectory() as folder:
        bundle = write_bundle(Path(folder) / "more", students, kind="delta")
        words = command("roster", "apply", str(bundle))
        with subprocess.Popen(
            words, env=environment_of(app), cwd=HERE, stdout=subprocess.DEVNULL
        ) as applying:
            waits = _meanwhile(
                lambda: replies.extend(_redeem_while(port, families, applying)),
                lambda: get(port, Phone(), "/healthz").seconds,
            )
    if applying.returncode:
        raise RuntimeError("the roster was not applied")
    report.at_most("waiting: /healthz while 50,000 students are applied, s", max(waits), 0.2)
    refused = sum(reply.status != 303 for reply in replies)
    report.at_most("waiting: redemptions that failed meanwhile", refused, 0)
    report.told("waiting: the longest redemption meanwhile, seconds", max(reply.seconds for reply in replies))


def _redeem_while(
    port: int, families: Sequence[Sequence[Phone]], applying: subprocess.Popen[bytes]
) -> list[Reply]:
    def redeem(phones: Sequence[Phone]) -> list[Reply]:
        replies = []
        for phone in phones:
            if applying.poll() is None or not replies:
                replies.append(post(port, phone, "/join/student", patience=600))
                sleep(PAUSE)
        return replies

    done = crowd([lambda each=each: redeem(each) for each in families])
    applying.wait()
    return [reply for replies in done for reply in replies]


def _meanwhile(work: Callable[[], object], look: Callable[[], float]) -> list[float]:
    """Return what is seen, again and again, while `work` is done."""
    over = Event()

    def do() -> None:
        try:
            work()
        finally:
            over.set()

    thread = Thread(target=do)
    thread.start()
    seen = [look()]
    while not over.wait(0.02):
        seen.append(look())
    thread.join()
    return seen


def _percentile(seconds: Sequence[float], which: int) -> float:
    """Return that percentile; that of nobody is infinite."""
    if len(seconds) < 2:
        return max(seconds, default=float("inf"))
    return quantiles(seconds, n=100, method="inclusive")[which - 1]


def _p95(seconds: Sequence[float]) -> float:
    return _percentile(seconds, 95)

"""Sending an email again that did not arrive, or of which nobody knows."""

from typing import Any

from flask import Blueprint, g, request, url_for

from portal import db
from portal.forms.form import Form
from portal.models import EventKind, OutboxMessage, Student
from portal.models.accounts.reveal_alarm import reveal
from portal.models.mail.delivery_state import state_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("resendings", __name__)


@bp.route("/mails/<outbox_message_id>/resend", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=OutboxMessage)
def create(outbox_message: OutboxMessage) -> Any:
    student = db.session.get_one(Student, outbox_message.student_id)
    if request.method == "GET" and state_of(outbox_message).may_be_repeated:
        words = {"message": outbox_message, "student": student, "form": Form()}
        return htmx.render("resendings/create.html", "resend", **words)
    if request.method == "POST":
        _send_again(outbox_message, student)
    return htmx.go_to(url_for("portal_access.show", student_id=student.public_id))


def _send_again(message: OutboxMessage, student: Student) -> None:
    if message.send_again():
        reveal(EventKind.CODE_MAILED, by=g.account, student_id=student.id)
        htmx.tell(_("It is on its way to %(to)s again.", to=message.to_address))
    else:
        htmx.tell(_("It is on its way to %(to)s already.", to=message.to_address))

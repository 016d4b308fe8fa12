"""What one looks for in a list of places or people. Sent by GET, so nothing is refused."""

from typing import Self

from flask import request
from wtforms import Form, StringField

from portal.text.language import lazy_gettext as _


class SearchForm(Form):
    q = StringField(_("Name or email"))

    @classmethod
    def of_request(cls) -> Self:
        return cls(request.args)

    @property
    def words(self) -> str:
        return (self.q.data or "")[:100]


class SchoolSearchForm(SearchForm):
    q = StringField(_("Find a school"))

"""What one looks for in the School Picker. Sent by GET, so nothing is refused."""

from wtforms import Form, StringField

from portal.language import lazy_gettext as _


class SchoolSearchForm(Form):
    q = StringField(_("Find a school"))

    @property
    def words(self) -> str:
        return (self.q.data or "")[:100]

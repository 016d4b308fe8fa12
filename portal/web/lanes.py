"""Lanes: the threads of a web worker for requests of one kind; apart, because views name and the server has them."""

from enum import Enum


class Lane(Enum):
    """Threads for requests of one kind, with a queue of their own, so that none waits for those of another kind."""

    #: Pages are read.
    PAGES = "pages"
    #: Something short is done.
    ACTS = "acts"
    #: A password is hashed.
    PASSWORDS = "passwords"
    #: A letter or a spreadsheet is made.
    DOCUMENTS = "documents"
    #: A letter that somebody writes is laid out, which may take long.
    PREVIEWS = "previews"
    #: A large file is sent. Only requests of this lane may be larger than 2 MB.
    UPLOADS = "uploads"
    #: The health check, which must never wait.
    HEALTH = "health"
    #: The server itself refuses a request.
    REFUSALS = "refusals"

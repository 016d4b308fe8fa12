"""The process that `preview` starts: lays out one letter within limits of memory and time."""

import json
import resource
import sys
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from portal.documents.letter import Letter
from portal.documents.pdf import engine
from portal.documents.pdf.layout import Layout, draw, lay_out
from portal.documents.preview import CPU_SECONDS, MEMORY_BYTES, from_json
from portal.documents.single import letters_in_html, print_letter
from portal.web import language

#: A text that has to be made smaller by more than this is not readable any more: 9.5 points become 7.6.
MOST_SHRUNK = 1.25

PORTAL = Path(__file__).parent.parent


def main() -> None:
    """Read a letter from standard input; write the names of its crowded boxes, a line of JSON, then the PDF."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    letter = from_json(sys.stdin.buffer.read())
    with minimal_app().app_context(), engine.turn():
        crowded = _crowded_boxes(letter)
        pdf = print_letter(letter)
    sys.stdout.buffer.write(json.dumps(crowded).encode() + b"\n" + pdf)


def minimal_app() -> Flask:
    """Return an application in whose context letters can be laid out, for a process that does nothing else."""
    app = Flask("minimal app", template_folder=PORTAL / "templates", static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    language.init_app(app)
    return app


def _crowded_boxes(letter: Letter) -> list[str]:
    layout = lay_out(letters_in_html([letter]))
    return [box for box, _html in letter.wording.boxes if _shrink_factor(layout, box) > MOST_SHRUNK]


def _shrink_factor(layout: Layout, box: str) -> float:
    """Return the factor by which the engine makes the text in that box smaller, so that it fits."""
    import io

    from reportlab.pdfgen.canvas import Canvas

    [piece] = layout.piece_by_box()[box]
    draw([piece], layout.boxes[box], Canvas(io.BytesIO(), pagesize=layout.page_size))
    return float(getattr(piece, "_scale", 1))


if __name__ == "__main__":
    main()

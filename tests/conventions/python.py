"""House rules for Python."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from statistics import median

Function = ast.FunctionDef | ast.AsyncFunctionDef

FUNCTION_LINES, FUNCTION_LINES_MEDIAN, VIEW_LINES = 25, 8, 14
VAGUE_VIEW_NAMES = {"create", "update", "delete", "process", "submit"}
EMPTY_NAMES = {"data", "info", "obj", "helper", "manager", "utils", "tmp"}
EMPTY_PARTS = re.compile(r"^_?(process|handle)_|(Manager|Helper|Service|Utils)$")
#: What SQLAlchemy and WTForms call, and therefore name.
HOOKS = {"process_bind_param", "process_result_value", "process_data", "process_formdata"}
#: Columns that say since when something is so, and thereby whether it is.
STATES = {
    "ended_at", "left_at", "revoked_at", "closed_at", "off_file_at", "done_at", "used_at", "wiped_at",
    "begun_at", "cancel_asked_at", "applied_at", "confirmed_at", "previewed_at",
    "sent_at", "failed_at", "bounced_at", "handed_over_at",
}  # fmt: skip
PAUSES = {"sleep", "wait_for_timeout"}
CLAIM = re.compile(r"^_?(is|are|has|have|may|can)_")
#: What changes something, or says something to a person.
ACTS = {
    "abort", "add", "add_all", "after_commit", "attempt", "begin", "close", "commit", "conclude", "delete", "disclose",
    "end", "enter", "execute", "flash", "flush", "invite", "keep", "lock", "record", "redirect", "refuse", "rename",
    "replace", "retrying", "reveal", "revoke", "rollback", "send", "store", "write", "writing",
}  # fmt: skip


def functions_are_short(source: str) -> list[str]:
    """At most 25 lines from `def` to the end, the docstring not counted."""
    return [
        f"{function.name} has {lines} lines"
        for function in _functions(ast.parse(source))
        if (lines := _lines(function)) > FUNCTION_LINES
    ]


def functions_are_short_on_the_whole(sources: str) -> list[str]:
    """Half of all functions have fewer than 8 lines."""
    middle = median(_lines(function) for function in _functions(ast.parse(sources)))
    return [f"half of the functions have {middle} lines or more"] if middle >= FUNCTION_LINES_MEDIAN else []


def class_names_are_used_once(sources: str) -> list[str]:
    """A name stands for one class in all of portal/, whatever the module."""
    names = Counter(node.name for node in ast.walk(ast.parse(sources)) if isinstance(node, ast.ClassDef))
    return [f"{name} is the name of {count} classes" for name, count in names.items() if count > 1]


def views_are_one_sentence(source: str) -> list[str]:
    """At most 14 lines."""
    return [
        f"{view.name} has {lines} lines" for view in _views(source) if (lines := _lines(view)) > VIEW_LINES
    ]


def views_bear_the_verb_of_their_button(source: str) -> list[str]:
    """`reset`, `revoke`, `confirm_trust`: what stands on the button, not what a table of rows would call it."""
    return [f"{view.name} is on no button" for view in _views(source) if view.name in VAGUE_VIEW_NAMES]


def claims_never_act(source: str) -> list[str]:
    """`is_saved()` says whether; it does not save. What acts bears a verb, and gives what came of it."""
    return [
        f"{claim.name} calls {name}()"
        for claim in _functions(ast.parse(source))
        if CLAIM.match(claim.name)
        for node in ast.walk(claim)
        if isinstance(node, ast.Call) and (name := _name(node.func)) in ACTS
    ]


def refusals_are_said_in_one_way(source: str) -> list[str]:
    """A form attempts its verb, and says why the rules said no: no view catches the refusal for it."""
    handlers = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ExceptHandler)]
    return [
        "catches a refusal to show it on a form"
        for handler in handlers
        if any(isinstance(node, ast.Call) and _name(node.func) == "refuse" for node in ast.walk(handler))
    ]


def views_say_what_they_answer(source: str) -> list[str]:
    """`-> Answer`, never `-> Any`: also of what a view calls."""
    return [
        f"{function.name} returns Any"
        for function in _functions(ast.parse(source))
        if function.returns is not None and _name(function.returns) == "Any"
    ]


def levels_are_not_named(source: str) -> list[str]:
    """Who may what is said in permissions.py only; everybody else asks for a permission."""
    nodes = list(ast.walk(ast.parse(source)))
    named = {name for node in nodes if (name := _name(node)) in {"AccessLevel", "NetworkLevel"}}
    compared = any(
        _name(side) == "level"
        for node in nodes
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
    )
    return [f"names {name}" for name in sorted(named)] + ["compares a level"] * compared


def states_are_told_by_their_table(source: str) -> list[str]:
    """Whether a moment has come is asked where its column is declared; everybody else calls what says so there."""
    tree = ast.parse(source)
    own = _columns(tree)
    asked = [node for question in ast.walk(tree) for node in _asked_of(question) if _name(node) in STATES]
    return [
        f"asks for {ast.unparse(node)}"
        for node in asked
        if _name(node) not in own or _is_of_another(node, tree)
    ]


def _columns(tree: ast.AST) -> set[str]:
    """The columns that the classes of a file declare."""
    return {
        _name(node.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).startswith("Mapped[")
    }


def _is_of_another(node: ast.AST, tree: ast.AST) -> bool:
    """Whether it is read from a class of another file."""
    classes = {each.name for each in ast.walk(tree) if isinstance(each, ast.ClassDef)}
    receiver = _name(getattr(node, "value", node))
    return receiver[:1].isupper() and receiver not in classes


def _asked_of(node: ast.AST) -> list[ast.expr]:
    """Of what a node asks whether it is set."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr="is_" | "is_not")):
            return [value]
        case ast.Compare(left=left, comparators=[ast.Constant(value=None) | ast.Name(id="NEVER")]):
            return [left]
        case ast.Call(func=ast.Attribute(attr="filter_by"), keywords=keywords):
            return [ast.Name(each.arg or "") for each in keywords]
        case ast.If(test=asked) | ast.IfExp(test=asked) | ast.UnaryOp(op=ast.Not(), operand=asked):
            return [asked]
        case ast.BoolOp(values=values):
            return values
        case _:
            return []


def names_say_something(source: str) -> list[str]:
    """No `data`, no `info`, nothing that is processed, handled or managed."""
    return [
        f"{name} says nothing"
        for name in _defined_names(ast.parse(source))
        if name not in HOOKS and (name in EMPTY_NAMES or EMPTY_PARTS.search(name))
    ]


def tests_do_not_wait(source: str) -> list[str]:
    """A test that waits for a while is slow today and fails tomorrow."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [f"waits by {name}()" for call in calls if (name := _name(call.func)) in PAUSES]


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _views(source: str) -> list[Function]:
    return [function for function in _functions(ast.parse(source)) if _is_routed(function)]


def _is_routed(function: Function) -> bool:
    routes = {"route", "get", "post", "put", "patch", "delete"}
    return any(
        isinstance(decorator, ast.Call) and _name(decorator.func) in routes
        for decorator in function.decorator_list
    )


def _lines(function: Function) -> int:
    first = function.body[0]
    is_docstring = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def _name(node: ast.AST) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def _defined_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name

"""The Jinja extension that Copier loads from the template: answers to the questions from Python."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from copier.errors import UserMessageError
from copier_template_extensions import ContextHook
from jinja2 import Environment

NEEDED = ("graphql-core", "libcst", "tree-sitter", "tree-sitter-typescript")
# Files of the template that have one of these in their name are code.
CODE_SUFFIXES = (".{{ language }}", ".ts.jinja", ".js.jinja")
PACKAGE = Path(__file__).parent / "redwood_inngest"


def package_module(name: str) -> ModuleType:
    """A module of the `redwood_inngest` that lies beside this file.

    `copier update` loads the old version of the template and the new one in one process, and
    the command has an installed `redwood_inngest` there too: each is loaded under a name of its
    own, so that versions never mix. Only where the installed one is the same code is it taken.
    """
    package = _package_name()
    if package not in sys.modules:
        spec = importlib.util.spec_from_file_location(package, PACKAGE / "__init__.py")
        if spec is None or spec.loader is None:
            raise UserMessageError("This template is incomplete: hooks/redwood_inngest is missing.")
        sys.modules[package] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[package])
    try:
        return importlib.import_module(f"{package}.{name}")
    except ModuleNotFoundError as error:
        raise UserMessageError(
            f"{error.name} is missing beside Copier. Run: {_install_command()}"
        ) from None


@cache
def _package_name() -> str:
    installed = sys.modules.get("redwood_inngest")
    if installed and _sources(Path(str(installed.__file__)).parent) == _sources(PACKAGE):
        return "redwood_inngest"  # half of the time of a setup is this package, read from a clone
    return f"redwood_inngest_{hashlib.sha256(str(PACKAGE).encode()).hexdigest()[:12]}"


def _sources(package: Path) -> dict[str, bytes]:
    return {
        file.relative_to(package).as_posix(): file.read_bytes()
        for file in package.rglob("*")
        if file.suffix in {".py", ".jinja"}
    }


def _install_command() -> str:
    """The command that adds what the template needs to the Python that runs Copier."""
    parts = Path(sys.prefix).parts
    if "pipx" in parts:
        return f"pipx inject copier copier-template-extensions {' '.join(NEEDED)}"
    if "uv" in parts:
        options = " ".join(f"--with {name}" for name in ("copier-template-extensions", *NEEDED))
        return f"uv tool install copier {options}"
    return f"{sys.executable} -m pip install {' '.join(NEEDED)}"


class RedwoodInngest(ContextHook):
    """Gives the questionnaire what was found in the app, and the checks of the answers."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._facts: dict[str, Any] = {}
        answering = package_module("flows.answers")
        literals = package_module("typescript.literals")
        for name, check in answering.CHECKS.items():
            environment.filters[f"check_{name}"] = _validator(check)
        environment.filters["quoted"] = literals.string_literal
        rendering = package_module("flows.rendering")
        environment.filters["app_code"] = rendering.app_code
        environment.filters["app_graphql"] = rendering.app_graphql

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Make the output of code files pass through `app_code` or `app_graphql`."""
        if name and any(suffix in name for suffix in CODE_SUFFIXES):
            return f"{{% filter app_code(language, module, code_style) %}}{source}{{% endfilter %}}"
        if name and ".graphql" in name:
            return f"{{% filter app_graphql(code_style) %}}{source}{{% endfilter %}}"
        return source

    def hook(self, context: dict[str, Any]) -> None:
        """Add `found(fact)` and the other functions about the app in question.

        `app_root` in the context says where that is, when it is not where Copier renders to, and
        `app_facts` what was found in it, when somebody has looked already.
        """

        # Only when it is asked for: Copier renders the file's name, too.
        def answers_file() -> str:
            return str(context["_copier_conf"]["answers_file"])

        given = context["_copier_conf"]["data"]
        root = Path(context.get("app_root") or context["_copier_conf"]["dst_path"])
        context["found"] = lambda fact: self._found(root, given)[fact]
        context["greeting"] = lambda: _greeting(root, given)
        context["update_greeting"] = lambda: _update_greeting(root, answers_file(), given)
        context["not_in_schema"] = lambda question, answer: _not_in_schema(
            root, context, question, answer
        )

        # An update renders in a folder that is no app; the answers are given then.
        def api_path() -> str:
            return str(given.get("api_path") or self._found(root, given)["api_path"])

        # Called for each text that Copier renders: what is slow waits until it is asked for.
        context["is_set_up"] = lambda: (
            (root / answers_file()).exists()
            and package_module("flows.own_files").is_set_up(root, answers_file(), api_path())
        )
        context["has_example"] = lambda: _has_example(context)
        context["half_written"] = lambda api: package_module(
            "flows.own_files"
        ).half_written_function(root, api)

    def _found(self, root: Path, given: Mapping[str, Any]) -> dict[str, Any]:
        """The facts about the app, which most questions ask for; it is looked at once."""
        if not self._facts:
            _said_to_the_user(lambda: _check_names(given))
            known = given.get("app_facts")
            self._facts = known or _said_to_the_user(lambda: _app(root, given).facts())
        return self._facts


def _app(root: Path, given: Mapping[str, Any]) -> Any:
    """The app, looked at with the answers that are given beforehand."""
    return package_module("app.find").find_app(root, given)


def _check_names(given: Mapping[str, Any]) -> None:
    """Check that the answers given beforehand are to questions of this template."""
    questions = package_module("flows.questions")
    copier_yml = PACKAGE.parents[1] / "copier.yml"
    questions.check_names(given, questions.questions_in(copier_yml.read_text(encoding="utf-8")))


def _greeting(root: Path, given: Mapping[str, Any]) -> str:
    """Say what was found, or refuse: Copier shows an answer that is refused later as a crash."""
    own_files, answering = map(package_module, ("flows.own_files", "flows.answers"))

    def check() -> str:
        package_module("flows.interrupted").check_before_copier(root)
        found = _app(root, given)
        own_files.check(found)
        answering.check_given(given)
        package_module("flows.events").check_given_names(root, found.facts(), given)
        greeting: str = found.greeting()
        return greeting

    said: str = _said_to_the_user(check)
    return said


def _update_greeting(root: Path, answers_file: str, given: Mapping[str, Any]) -> str:
    """Say what is updated, or refuse while the app is as it was: Copier cannot undo."""
    own_files, answering = map(package_module, ("flows.own_files", "flows.answers"))

    def check() -> str:
        package_module("flows.interrupted").check_before_copier(root)
        answers = answering.read_answers(root / answers_file)
        answering.check_given(given)
        package_module("flows.events").check_given_names(root, answers, given)
        own_files.update_app(root, answers)
        return f"Updating {root.name}: {answers['graphql_handler']} is its GraphQL handler."

    said: str = _said_to_the_user(check)
    return said


def _not_in_schema(root: Path, facts: Mapping[str, Any], question: str, answer: Any) -> str:
    """The reason why an answer does not fit the app's schema; empty where there is no app."""
    if package_module("app.find").find_root(root) != root.resolve():
        return ""  # Copier renders in folders that hold none, too
    check = package_module("flows.events").check_given_names
    return _validator(lambda given: check(root, facts, {question: given}))(answer)


def _has_example(answers: Mapping[str, Any]) -> bool:
    """Whether there is an example function; its query may be one that is kept home."""
    kept_home = package_module("flows.events").example_kept_home
    return bool(answers["example_function"]) and not kept_home(answers)


def _validator(check: Callable[[object], object]) -> Callable[[object], str]:
    """A check in the form of Copier's validators: empty where all is well, or else the reason."""
    refusal_class = package_module("errors").Refusal

    def validate(answer: object) -> str:
        try:
            check(answer)
        except refusal_class as refusal:
            return str(refusal)
        return ""

    return validate


def _said_to_the_user(action: Callable[[], Any]) -> Any:
    refusal_class = package_module("errors").Refusal
    try:
        return action()
    except refusal_class as refusal:
        raise UserMessageError(str(refusal)) from None

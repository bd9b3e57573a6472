"""A template with a history: this repository's own, and three versions after it.

Each version differs from the one before in files, questions, hooks, codemods or migrations.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.support.redwood import commit, run
from tests.support.template import REPOSITORY, committed_template, pack

VERSIONS = ("v0.1.0", "v0.2.0", "v0.3.0", "v0.4.0")

INNGEST = "template/{{ api_path }}/src/inngest"
# The files that are made for one language only.
ONLY = {
    language: f"template/{{% if language == '{language}' %}}{{{{ api_path }}}}{{% endif %}}"
    for language in ("ts", "js")
}
PACKAGE = "hooks/redwood_inngest"

MIGRATION = '''\
"""{title}"""

from __future__ import annotations

from ...codemods import package_json
from ..updated_app import UpdatedApp


def migrate(app: UpdatedApp) -> None:
    """{title}"""
    api, language = app.answers["api_path"], app.answers["language"]
    {code}
'''


def make_history(folder: Path) -> Path:
    """Make the template, with a tag for each version."""
    committed_template(folder, "copier.yml", "hooks", "template")
    for version, make in zip(VERSIONS, (_first, _second, _third, _fourth), strict=True):
        make(folder)
        commit(folder, version)
        run(["git", "tag", version], folder)
    pack(folder)
    return folder


def _first(template: Path) -> None:
    """One file for both languages, whose lines break elsewhere, and one file more."""
    (template / INNGEST / "NOTES.md").write_text("# Notes\n\nOne.\nTwo.\nThree.\n")
    typescript, javascript = (template / ONLY[language] for language in ("ts", "js"))
    joined = 0
    for file in sorted(typescript.rglob("*.ts.jinja")):
        name = file.relative_to(typescript).as_posix()
        made = (javascript / name.replace(".ts.", ".js.")).read_text()
        older, count = JAVASCRIPTS_PARAMETERS.subn(_on_one_line, made)
        joined += count
        both = (
            template
            / INNGEST.removesuffix("/src/inngest")
            / name.replace(".ts.", ".{{ language }}.")
        )
        both.parent.mkdir(exist_ok=True)
        both.write_text(
            f"{{% if language == 'ts' %}}\n{file.read_text()}{{% else %}}\n{older}{{% endif %}}\n"
        )
    assert joined, "no list of parameters is kept broken by a comment"
    shutil.rmtree(typescript)
    shutil.rmtree(javascript)


# Before 0.2.0, JavaScript was made in the app: a list that fits stood on one line.
JAVASCRIPTS_PARAMETERS = re.compile(r"(?<=\()\n +// .*\n((?: +\S.*\n)+?)(?=\) \{)")


def _on_one_line(parameters: re.Match[str]) -> str:
    return " ".join(line.strip() for line in parameters[1].splitlines())


def _second(template: Path) -> None:
    """A file for each language; one is renamed and changed; the example function is another one."""
    shutil.rmtree(template / INNGEST / "useInngest")
    (template / INNGEST / "useInngest.{{ language }}.jinja").unlink()
    for language, folder in ONLY.items():
        shutil.copytree(REPOSITORY / folder, template / folder)
        inngest = template / folder / "src/inngest"
        old, new = (
            inngest / f"useInngest/{name}.{language}.jinja" for name in ("redact", "values")
        )
        old.rename(new)
        text = f"{new.read_text()}\n/** Since 0.2.0. */\nexport const valuesVersion = 2\n"
        new.write_text(text)
        main = inngest / f"useInngest.{language}.jinja"
        edit(main, "'./useInngest/redact'", "'./useInngest/values'")
    example = next((template / INNGEST / "functions").glob("*helloWorld.{{*"))
    edit(example, "An example:", "Another example:")
    add_migration(
        template,
        "0.2.0",
        "rename_redact",
        'app.renamed(f"{api}/src/inngest/useInngest/redact.{language}", '
        'f"{api}/src/inngest/useInngest/values.{language}")',
    )


def _third(template: Path) -> None:
    """A question, a check of it, a renamed plugin that the handler imports, an SDK, a script."""
    edit(
        template / "copier.yml",
        "install_dependencies:\n",
        "mood:\n  type: str\n  default: good\n  help: How is the mood?\n"
        '  validator: "{{ mood | check_mood }}"\n\ninstall_dependencies:\n',
    )
    questions = template / PACKAGE / "flows/answers.py"
    edit(
        questions,
        "CHECKS: dict",
        "def check_mood(answer: object) -> object:\n"
        '    """Check it."""\n'
        '    if answer in ("good", "better"):\n'
        "        return answer\n"
        '    raise Refusal("Choose good or better.")\n\n\n'
        "CHECKS: dict",
    )
    edit(questions, "] = {\n", '] = {\n    "mood": check_mood,\n')
    old = template / INNGEST / "plugin.{{ language }}.jinja"
    old.rename(old.with_name("graphqlPlugin.{{ language }}.jinja"))
    edit(
        template / INNGEST / "graphqlPlugin.{{ language }}.jinja",
        "  inngestClient: inngest,\n",
        "  inngestClient: inngest,\n  // Mood: {{ mood }}.\n",
    )
    module = 'PLUGIN_MODULE = "src/inngest/plugin"'
    codemods = (template / PACKAGE / "codemods").rglob("*.py")
    codemod = next(file for file in codemods if module in file.read_text())
    edit(codemod, module, 'PLUGIN_MODULE = "src/inngest/graphqlPlugin"')
    add_migration(
        template,
        "0.3.0",
        "import_renamed_plugin",
        'app.edit(app.answers["graphql_handler"], '
        'lambda text: text.replace("src/inngest/plugin", "src/inngest/graphqlPlugin"))',
        when="before",
    )
    add_migration(
        template,
        "0.3.0",
        "rename_plugin",
        'app.renamed(f"{api}/src/inngest/plugin.{language}", '
        'f"{api}/src/inngest/graphqlPlugin.{language}")',
    )
    dependencies = template / PACKAGE / "flows/dependencies.py"
    known = re.search(r'3: "\^3\.\d+\.\d+"', dependencies.read_text())
    assert known
    edit(dependencies, known[0], '3: "^3.99.0"')
    wiring = template / PACKAGE / "flows/own_files.py"
    text = wiring.read_text()
    block = re.search(r'^ENV_BLOCK = """\\\n(.*?)"""\n', text, re.DOTALL | re.MULTILINE)
    assert block, "ENV_BLOCK"
    former = f'FORMER_ENV_BLOCKS = ("""\\\n{block[1]}""",)\n'
    text = re.sub(r"^FORMER_ENV_BLOCKS.*\n", lambda _: former, text, flags=re.MULTILINE)
    text = text.replace(block[0], block[0].replace('"""\n', '# INNGEST_ENV=\n"""\n'))
    text = text.replace(
        '    contents = {answers["graphql_handler"]',
        "    add_script = edits['package.json']\n"
        "    edits['package.json'] = lambda text: package_json.add_script(\n"
        "        add_script(text), 'inngest:version', 'echo 3'\n"
        "    )\n"
        '    contents = {answers["graphql_handler"]',
    )
    wiring.write_text(text)
    add_migration(
        template,
        "0.3.0",
        "add_version_script",
        'app.edit("package.json", '
        'lambda text: package_json.add_script(text, "inngest:version", "echo 3"))',
    )


def _fourth(template: Path) -> None:
    """A file less, a file more, another line in one, and another command for the dev server."""
    (template / INNGEST / "NOTES.md").unlink()
    (template / INNGEST / "health.{{ language }}.jinja").write_text(
        "/** Whether Inngest is set up. */\nexport const isSetUp = true\n"
    )
    edit(template / INNGEST / "client.{{ language }}.jinja", "The Inngest client:", "The client:")
    wiring = template / PACKAGE / "flows/own_files.py"
    command = re.search(r'^DEV_COMMAND = "(.*)"$', wiring.read_text(), re.MULTILINE)
    assert command, "DEV_COMMAND"
    former = "FORMER_DEV_COMMANDS: tuple[str, ...] = "
    edit(wiring, f"{former}()", f'{former}("{command[1]}",)')
    edit(wiring, command[0], command[0].replace(" dev ", " dev --no-discovery "))


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text that a file is sure to have."""
    text = file.read_text()
    assert old in text, f"{file.name} has no {old!r}"
    file.write_text(text.replace(old, new))


def add_migration(template: Path, version: str, name: str, code: str, when: str = "after") -> None:
    """Add a migration: a file of its own, and its declaration before the one that is always run."""
    title = f"Version {version}: {name.replace('_', ' ')}."
    file = template / PACKAGE / "flows/migrations" / f"{name}.py"
    file.write_text(MIGRATION.format(title=title, code=code))
    declaration = f"""\
  - version: {version}
    when: "{{{{ _stage == '{when}' }}}}"
    command:
      - "{{{{ _copier_python }}}}"
      - "{{{{ _copier_conf.src_path }}}}/hooks/migrate.py"
      - {name}
      - "{{{{ _copier_conf.answers_file }}}}"
"""
    configuration = template / "copier.yml"
    last = configuration.read_text().index(
        "  - - ", configuration.read_text().index("_migrations:")
    )
    text = configuration.read_text()
    configuration.write_text(text[:last] + declaration + text[last:])


class Team:
    """What a team does to an app that is set up; the same on every version, as far as it goes.

    Args:
        app: The app's folder.
        language: What its api side is written in.
    """

    def __init__(self, app: Path, language: str = "ts") -> None:
        self.app = app
        self.inngest = app / "api/src/inngest"
        self.language = language

    def named(self, *names: str) -> Path:
        """A generated file under the name that the version at hand has for it."""
        files = (self.inngest / f"{name}.{self.language}" for name in names)
        return next(file for file in files if file.exists())

    def edits_everything(self) -> None:
        """Edits of every kind that no version contradicts."""
        edit(self.named("client"), "import { Inngest }", "// Ours.\nimport { Inngest }")
        plugin = self.named("plugin", "graphqlPlugin")
        edit(plugin, "['query', 'mutation']", "['query', 'mutation', 'subscription']")
        values = self.named("useInngest/redact", "useInngest/values")
        edit(values, "const MAX_DEPTH = 200", "const MAX_DEPTH = 20")
        (self.app / f"api/src/functions/inngest.{self.language}").unlink()
        self._make_the_functions_its_own()
        handler = self.app / f"api/src/functions/graphql.{self.language}"
        handler.write_text(handler.read_text() + "\n// Ours.\n")
        edit(
            self.app / "api/package.json", '"private": true', '"private": true, "version": "1.0.0"'
        )
        env = self.app / ".env.defaults"
        env.write_text(f"OURS=1\n{env.read_text()}")
        (self.inngest / "ours.md").write_text("Ours.\n")

    def _make_the_functions_its_own(self) -> None:
        functions = self.inngest / "functions"
        shutil.rmtree(functions)
        functions.mkdir()
        (functions / f"index.{self.language}").write_text("export const functions = []\n")
        (functions / f"sendMail.{self.language}").write_text("// Ours.\n")


Edits = Callable[[Team], None]

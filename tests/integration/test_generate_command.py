"""`generate function` and `destroy function` on a small app: what they write, and refuse."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pexpect
import pytest

from tests.support.apps import small_app, tree, write
from tests.support.command import COMMANDS, command
from tests.support.orders import add_orders
from tests.support.terminal import plain_environment

FOLDER = "api/src/inngest/functions"
INDEX = f"{FOLDER}/index.ts"


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    app = small_app(tmp_path_factory.mktemp("apps") / "my-shop", git=False)
    write(app / "api/src/graphql/.keep", "")
    add_orders(app, "ts")
    options = ("--template", template, "--defaults", "--no-install")
    result = command("redwood-inngest", "setup", app, *options)
    assert result.returncode == 0, result.stderr
    return app


@pytest.fixture
def app(set_up: Path, tmp_path: Path) -> Path:
    return shutil.copytree(set_up, tmp_path / "my-shop")


def generate(app: Path, *arguments: str) -> CompletedProcess[str]:
    return command("redwood-inngest", "generate", "function", *arguments, "--no-install", cwd=app)


def destroy(app: Path, *arguments: str) -> CompletedProcess[str]:
    return command("redwood-inngest", "destroy", "function", *arguments, cwd=app)


def test_a_function_comes_with_a_test_and_is_registered(app: Path) -> None:
    before = tree(app)
    result = generate(app, "sendReceipt", "--on", "PlaceOrderMutation")
    assert result.returncode == 0, result.stderr
    after = tree(app)
    new, changed = f"{FOLDER}/sendReceipt", {INDEX, "api/package.json"}
    assert after.keys() - before.keys() == {f"{new}.ts", f"{new}.test.ts"}
    assert {path for path in before if before[path] != after[path]} == changed
    assert b'"@inngest/test": "^0.1.9"' in after["api/package.json"]
    assert b"functions = [helloWorld, sendReceipt]" in after[INDEX]
    code = after[f"{new}.ts"].decode()
    assert "event: placeOrderMutation," in code
    assert "const { email } = event.data.variables.input.customer" in code
    assert "yarn rw test api sendReceipt" in result.stdout


def test_the_short_names_do_the_same(app: Path) -> None:
    long = generate(app, "sendReceipt", "--on", "PlaceOrderMutation", "--diff").stdout
    arguments = ("g", "function", "sendReceipt", "--on", "PlaceOrderMutation", "--dry-run")
    assert command("redwood-inngest", *arguments, cwd=app).stdout == long
    said = command("redwood-inngest", "d", "function", "nobody", cwd=app).stderr
    assert "there is no function nobody" in said


def test_a_dry_run_writes_nothing(app: Path) -> None:
    before = tree(app)
    result = generate(app, "sendReceipt", "--on", "PlaceOrderMutation", "--diff")
    assert "+export const sendReceipt = inngest.createFunction(" in result.stdout
    assert tree(app) == before


def test_the_name_is_made_from_the_operation_and_never_taken_twice(app: Path) -> None:
    names = []
    for _ in range(3):
        result = generate(app, "--kind", "delayed", "--on", "PlaceOrderMutation", "--json")
        names.append(json.loads(result.stdout)["function"])
    assert names == ["onPlaceOrder", "onPlaceOrderDelayed", "onPlaceOrder2"]


def test_programs_read_json(app: Path) -> None:
    result = generate(app, "tidyUp", "--cron", "TZ=Europe/Paris 0 3 * * *", "--json", "--no-test")
    assert json.loads(result.stdout) == {
        "function": "tidyUp",
        "id": "tidy-up",
        "kind": "scheduled",
        "runsOn": "TZ=Europe/Paris 0 3 * * *",
        "written": True,
        "files": [
            {"path": f"{FOLDER}/tidyUp.ts", "change": "create"},
            {"path": INDEX, "change": "edit"},
        ],
    }


def test_an_event_of_the_teams_own_is_named_by_its_text_and_its_type_is_asked_for(
    app: Path,
) -> None:
    result = generate(app, "celebrate", "--event", "shop/order.shipped")
    assert "event: 'shop/order.shipped'" in (app / FOLDER / "celebrate.ts").read_text()
    assert "Say in api/src/inngest/ownEvents.ts what the event carries" in result.stdout
    assert (
        json.loads(generate(app, "--event", "shop/order.shipped", "--json").stdout)["function"]
        == "onOrderShipped"
    )


def test_an_event_of_an_operation_is_named_by_what_events_exports(app: Path) -> None:
    generate(app, "celebrate", "--event", "graphql/ship-order.mutation")
    assert "event: shipOrderMutation" in (app / FOLDER / "celebrate.ts").read_text()


def test_an_events_module_that_is_out_of_date_is_renewed(app: Path) -> None:
    operations = app / "web/src/lib/orders.ts"
    operations.write_text(operations.read_text().replace("ShipOrder", "SendOrder"))
    result = generate(app, "celebrate", "--on", "SendOrder")
    assert "edit  api/src/inngest/events.ts" in result.stdout
    assert "sendOrderMutation" in (app / "api/src/inngest/events.ts").read_text()


def test_the_kinds_are_listed(app: Path) -> None:
    listed = command("redwood-inngest", "g", "function", "--kind", "list").stdout
    assert len(listed.splitlines()) == 13
    assert generate(app, "x1", "--kind", "slow").returncode == 2


# Bad input


def removed(path: str) -> Callable[[Path], object]:
    return lambda app: (app / path).unlink()


def written(path: str, content: str) -> Callable[[Path], object]:
    return lambda app: write(app / path, content)


def nothing(app: Path) -> None:
    pass


def no_operations(app: Path) -> None:
    (app / "web/src/lib/orders.ts").unlink()
    (app / FOLDER / "helloWorld.graphql").unlink()


ON = ("--on", "ShipOrder")
CASES: dict[str, tuple[Callable[[Path], object], tuple[str, ...], str]] = {
    "no identifier": (nothing, ("send receipt", *ON), "cannot be the name of a function"),
    "a path": (nothing, ("../x", *ON), "cannot be the name of a function"),
    "a word of JavaScript": (nothing, ("delete", *ON), "cannot be the name of a function"),
    "too long": (nothing, ("a" * 41, *ON), "is too long"),
    "taken": (nothing, ("helloWorld", *ON), "there is a module helloWorld in"),
    "taken but for case": (nothing, ("HelloWorld", *ON), "there is a module helloWorld in"),
    "the index": (nothing, ("index", *ON), "there is a module index in"),
    "what the event is called": (
        nothing,
        ("shipOrderMutation", *ON),
        "is what src/inngest/events calls the event",
    ),
    "an id that is taken": (
        written(f"{FOLDER}/other.ts", "export const x = { id: 'send-receipt' }\n"),
        ("sendReceipt", *ON),
        "other.ts has the id send-receipt already",
    ),
    "no such operation": (nothing, ("x1", "--on", "ShipOrdr"), "Did you mean ShipOrder?"),
    "no operations": (no_operations, ("x1", *ON), "no operation of this app sends an event"),
    "kept home": (
        written("web/src/lib/orders.ts", "gql`subscription S { x }`\n"),
        ("x1", "--on", "S"),
        "sends no event: a subscription",
    ),
    "nothing to run on": (nothing, ("x1",), "needs something to run on"),
    "no second event": (nothing, ("x1", "--kind", "waiting", *ON), "add --other OPERATION"),
    "a second event too many": (nothing, ("x1", *ON, "--other", "CancelOrder"), "no second event"),
    "the same event twice": (
        nothing,
        ("x1", "--kind", "waiting", *ON, "--other", "ShipOrder"),
        "cannot be both events",
    ),
    "no schedule": (nothing, ("x1", "--kind", "scheduled"), "needs a schedule"),
    "a schedule for another kind": (
        nothing,
        ("x1", "--kind", "steps", "--cron", "0 9 * * *"),
        "a steps function has no schedule",
    ),
    "an event for a schedule": (
        nothing,
        ("x1", "--kind", "scheduled", *ON),
        "a scheduled function runs on no event",
    ),
    "cron nonsense": (nothing, ("x1", "--cron", "every day"), "it has 2 fields, and 5 are needed"),
    "an event of Inngest": (nothing, ("x1", "--event", "inngest/x"), "are Inngest's own"),
    "not set up": (removed(".copier-answers.inngest.yml"), ("x1", *ON), "is not set up yet"),
    "no app": (removed("redwood.toml"), ("x1", *ON), "is not in a Redwood or Cedar app"),
    "no index": (removed(INDEX), ("x1", *ON), "which lists the functions, is not there"),
    "an index made by code": (
        written(INDEX, "export const functions = all()\n"),
        ("x1", *ON),
        "the list of functions is no array or object that is written out here",
    ),
    "a broken schema": (
        written("api/src/graphql/broken.sdl.ts", "export const schema = gql`type {`\n"),
        ("x1", *ON),
        "broken.sdl.ts:1:",
    ),
    "a broken package.json": (
        written("api/package.json", "{,}"),
        ("x1", *ON),
        "this is not valid JSON",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_one_sentence_and_nothing_is_written(app: Path, case: str) -> None:
    spoil, arguments, reason = CASES[case]
    spoil(app)
    before = tree(app)
    result = generate(app, *arguments)
    assert result.returncode == 1, result.stdout
    assert reason in result.stderr.split("\n\n")[0]
    assert "Traceback" not in result.stderr
    assert result.stderr.split("\n\n")[0].strip().count("\n") == 0
    assert tree(app) == before


def test_a_refused_index_comes_with_the_lines_to_paste(app: Path) -> None:
    write(app / INDEX, "export const functions = all()\n")
    said = generate(app, "x1", *ON).stderr
    assert "import { x1 } from 'src/inngest/functions/x1'" in said


# Taking away


def test_what_was_generated_is_taken_away_byte_for_byte(app: Path) -> None:
    generate(app, "first", *ON)  # brings the package
    before = tree(app)
    generate(app, "sendReceipt", "--kind", "steps", *ON)
    result = destroy(app, "sendReceipt")
    assert result.returncode == 0, result.stderr
    assert tree(app) == before


def test_an_edited_file_stays_unless_told(app: Path) -> None:
    generate(app, "sendReceipt", *ON)
    file = app / FOLDER / "sendReceipt.ts"
    file.write_text(file.read_text().replace("// Yours", "// Ours"))
    before = tree(app)
    result = destroy(app, "sendReceipt", "--json")
    assert result.returncode == 1
    assert "sendReceipt.ts: this has been edited" in result.stderr
    assert json.loads(result.stdout)["edited"] == [f"{FOLDER}/sendReceipt.ts"]
    assert tree(app) == before
    assert destroy(app, "sendReceipt", "--force").returncode == 0
    assert not file.exists()
    assert "sendReceipt" not in (app / INDEX).read_text()


@pytest.mark.parametrize(
    ("spoil", "name", "reason"),
    [
        (nothing, "helloWrld", "there is no function helloWrld in"),
        (nothing, "../client", "there is no function ../client in"),
        (nothing, "index", "there is no function index in"),
        (
            written(
                "api/src/lib/x.ts", "import { helloWorld } from '../inngest/functions/helloWorld'\n"
            ),
            "helloWorld",
            "api/src/lib/x.ts:1: helloWorld is imported here",
        ),
        (
            written(
                INDEX,
                "import { helloWorld as a } from './helloWorld'\nexport const functions = f(a)\n",
            ),
            "helloWorld",
            "is used here in another way",
        ),
    ],
)
def test_what_cannot_be_taken_away_for_certain_is_refused(
    app: Path, spoil: Callable[[Path], object], name: str, reason: str
) -> None:
    spoil(app)
    before = tree(app)
    result = destroy(app, name, "--force")
    assert result.returncode == 1
    assert reason in result.stderr
    assert tree(app) == before


# At a terminal


def at_a_terminal(app: Path, *arguments: str) -> pexpect.spawn[str]:
    return pexpect.spawn(
        str(COMMANDS / "redwood-inngest"),
        ["generate", "function", "--no-install", *arguments],
        cwd=str(app),
        env=plain_environment(),
        encoding="utf-8",
        dimensions=(40, 100),
        timeout=60,
    )


def test_without_arguments_it_asks_and_an_operation_is_picked_by_some_of_its_letters(
    app: Path,
) -> None:
    terminal = at_a_terminal(app)
    terminal.expect("What kind of function")
    terminal.expect("invoked by other functions")
    terminal.send("\x1b[B\r")  # the second: delayed
    terminal.expect("What should it run on")
    terminal.expect("by its name")
    terminal.send("\r")
    terminal.expect("Which operation")
    terminal.send("cnclo")
    terminal.expect("mutation, web/src/lib/orders.ts")
    terminal.send("\t\r")
    terminal.expect("What should it be called")
    terminal.expect("onCancelOrder")
    terminal.send("\r")
    terminal.expect(r"create.*onCancelOrder\.ts")
    terminal.expect(pexpect.EOF)
    code = (app / FOLDER / "onCancelOrder.ts").read_text()
    assert "Runs a day after each mutation CancelOrder" in code


def test_a_schedule_is_checked_and_its_next_runs_are_shown(app: Path) -> None:
    terminal = at_a_terminal(app, "tidyUp", "--kind", "scheduled")
    terminal.expect("When")
    terminal.expect("1-5")
    terminal.sendcontrol("u")
    terminal.send("0 9 * *\r")
    terminal.expect(r"5\s+are\s+needed")
    terminal.sendcontrol("u")
    terminal.send("TZ=Asia/Tokyo 30 9 1 1 *\r")
    terminal.expect("The next runs, in Asia/Tokyo")
    for _ in range(3):
        terminal.expect(r"01 Jan 20\d\d, 09:30 \(JST\)")
    terminal.expect(r"create.*tidyUp\.ts")
    terminal.expect(pexpect.EOF)


def test_stopping_at_a_question_changes_nothing(app: Path) -> None:
    before = tree(app)
    terminal = at_a_terminal(app)
    terminal.expect("What kind of function")
    terminal.sendcontrol("c")
    terminal.expect("nothing was changed")
    terminal.expect(pexpect.EOF)
    assert tree(app) == before

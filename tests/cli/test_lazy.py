import sys

import click
import pytest
from click.testing import CliRunner

from soulguard.cli.lazy import Command, LazyGroup
from soulguard.errors import UsageError

TABLE = {
    "completion": Command("soulguard.cli.completion:completion", "Complete."),
    "absent": Command("soulguard.no_such_module:command", "Never imported."),
}


class Group(LazyGroup):
    commands_at = TABLE


group = Group("tool")


def call(*args):
    return CliRunner().invoke(group, list(args), catch_exceptions=False)


def test_help_lists_the_table_in_order_without_importing_a_command():
    sys.modules.pop("soulguard.cli.completion", None)
    result = call("--help")
    assert result.exit_code == 0
    assert result.output.index("completion") < result.output.index("Never imported.")
    assert "soulguard.cli.completion" not in sys.modules


def test_the_called_command_is_imported():
    assert call("completion", "--help").exit_code == 0


def test_an_unknown_command_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="no command named `complete`") as caught:
        call("complete")
    assert caught.value.hint == "did you mean `completion`?"


def test_an_unknown_command_far_from_all_is_sent_to_the_help():
    with pytest.raises(UsageError) as caught:
        call("xyzzy")
    assert caught.value.hint == "see `soulguard --help`"


def test_an_unknown_name_gives_no_command_to_click():
    assert group.get_command(click.Context(group), "xyzzy") is None


def test_names_complete_from_the_table_alone():
    items = group.shell_complete(click.Context(group), "a")
    assert [(item.value, item.help) for item in items] == [
        ("absent", "Never imported.")
    ]


def test_options_complete_too():
    values = [i.value for i in group.shell_complete(click.Context(group), "--")]
    assert "--help" in values

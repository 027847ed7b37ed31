import sys

from soulguard.drill.probe.origin import origin, through

HERE = __file__.rpartition("/")[0]


def test_the_innermost_line_below_the_root_is_the_origin():
    at = sys._getframe().f_lineno + 1
    assert origin(HERE) == f"test_origin.py:{at}"


def test_there_is_none_outside_the_root():
    assert origin("/nowhere") == ""


def test_a_package_at_work_is_seen():
    assert through(frozenset({"_pytest"}))
    assert not through(frozenset({"smtplib"}))

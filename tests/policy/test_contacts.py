"""Which hosts a command line goes to, and by which method."""

import pytest

from soulguard.policy.contacts import contacted, is_remote
from soulguard.policy.shell import read


def said(line: str) -> list[str]:
    return [f"{e.method} {e.host}".strip() for s in read(line) for e in contacted(s)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("curl -s https://a.com/x", ["GET a.com"]),
        ("curl A.com. b.com:8080/x", ["GET a.com", "GET b.com"]),
        ("curl -X DELETE -H 'A: b' https://a.com", ["DELETE a.com"]),
        ("curl -sXPUT a.com", ["PUT a.com"]),
        ("curl --request=patch --url a.com", ["PATCH a.com"]),
        ("curl -d @f https://a.com -o c.txt", ["POST a.com"]),
        ("curl -G -d q=1 a.com; curl -I a.com; curl -T f a.com", [
            "GET a.com", "HEAD a.com", "PUT a.com"]),
        ("curl -d 1 -H 'x-http-method-override: delete' a.com", [
            "POST a.com", "DELETE a.com"]),
        ("curl -x proxy.io -u me:pw -w '%{http_code}' http://localhost", [
            "GET localhost"]),
        ("curl http://[::1]/x; curl http://prod-db/x", ["GET ::1", "GET prod-db"]),
        ("curl $URL; curl -o x; curl 'http://['; curl word", []),
        ("wget --post-data x a.com", ["POST a.com"]),
        ("wget -O f.zip --method=PUT a.com", ["PUT a.com"]),
        ("http DELETE a.com/x; http a.com b=c; https a.com q==1", [
            "DELETE a.com", "POST a.com", "GET a.com"]),
        ("git clone https://a.com/x.git d; git fetch origin", ["a.com"]),
        ("git -C d push git@a.com:x/y.git main", ["a.com"]),
        ("git submodule add ssh://git@a.com/x", ["a.com"]),
        ("git commit -m https://a.com/x; git log a:b", []),
        ("ssh -p 22 -i key me@prod uptime", ["prod"]),
        ("ssh -J jump.io me@a.com", ["a.com", "jump.io"]),
        ("scp -P 22 f me@a.com:/tmp; rsync -e ssh d a.com:x", ["a.com", "a.com"]),
        ("rsync a b; scp ./c:d e", []),
        ("nc -w 3 a.com 80; ping -c 1 a.com; telnet a.com", ["a.com"] * 3),
        ("psql -h db.io -U me; mysql --host=db.io", ["db.io", "db.io"]),
        ("psql postgres://me@db.io/x; psql 'host=db.io dbname=x'", ["db.io", "db.io"]),
        ("echo https://a.com; make a.com; python x.py https://a.com", []),
    ],
)  # fmt: skip
def test_a_line_says_where_it_goes(line: str, expected: list[str]) -> None:
    assert said(line) == expected


def test_a_path_with_a_colon_is_no_host() -> None:
    assert is_remote("me@a.com:x")
    assert is_remote("rsync://a.com/x")
    assert not is_remote("./a:b")
    assert not is_remote("a/b:c")
    assert not is_remote("c:")

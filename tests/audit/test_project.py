from soulguard.audit.project import Project
from tests.audit.sources import project, write


def test_a_module_is_known_by_its_packages(tmp_path):
    found = project(
        tmp_path,
        {"src/a/__init__.py": "", "src/a/b/__init__.py": "", "src/a/b/c.py": ""},
    )
    assert [m.name for m in found.modules] == ["a", "a.b", "a.b.c"]
    assert [m.package for m in found.modules] == ["a", "a.b", "a.b"]


def test_a_script_finds_what_stands_beside_it_and_never_the_standard_library(tmp_path):
    found = project(
        tmp_path,
        {"one/agent.py": "", "one/tools.py": "", "two/tools.py": "", "os.py": ""},
    )
    near = tmp_path / "two" / "agent.py"
    assert found.find("tools", near).file == tmp_path / "two" / "tools.py"
    assert found.find("os", near) is None


def test_what_cannot_be_read_is_named_with_its_line(tmp_path):
    write(tmp_path, {"broken.py": "x = 1\ndef f(:\n"})
    (tmp_path / "null.py").write_bytes(b"x = '\0'\n")
    (tmp_path / "coding.py").write_bytes(b"# coding: nonsense\n")
    (tmp_path / "big.py").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    (tmp_path / "deep.py").write_text("x = " + "-" * 50_000 + "1")
    found = Project()
    for name in ("broken", "null", "coding", "big", "deep", "missing"):
        assert found.add(tmp_path / f"{name}.py", f"{name}.py") is None
    said = [str(trouble) for trouble in found.troubles]
    assert said[0].startswith("broken.py:2: not Python: ")
    assert [s.partition(".py")[0] for s in said] == [
        "broken", "null", "coding", "big", "deep", "missing",
    ]  # fmt: skip


def test_names_of_methods_are_known(tmp_path):
    found = project(
        tmp_path, {"a.py": "class A:\n def save(self): pass\ndef load(): pass"}
    )
    assert found.defines("save")
    assert not found.defines("load")
    assert found.callers("nothing") == []

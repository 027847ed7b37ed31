"""What a command line says that it does to files and hosts is judged as it is done."""

SOUL = """
# A

- Never edit `protected/`.
- Never read `.env`.
- Never delete `keep/`.
- Never contact `evil.test`.
- Never push to `main`.
"""


def test_a_shell_is_no_way_around_the_rules_about_files_and_hosts(workshop):
    (workshop / "SOUL.md").write_text(SOUL)
    for name in ("protected/a", "keep/x", ".env", ".git/HEAD"):
        workshop.write(name, "ref: refs/heads/main\n")
    workshop.agent(
        """
        import subprocess
        for line in (
            "echo x > protected/a", "cat .env", "rm -rf keep", "cp .env b",
            "mv keep/x y", "sed -i s/r/x/ protected/a", "ln protected/a z",
            "curl -s evil.test.", "git push", "sh s.sh",
        ):
            try:
                subprocess.run(line, shell=True)
            except OSError as error:
                print("no:", error, file=sys.stderr)
        for move in (
            lambda: os.rename("keep/x", "y"), lambda: os.link("protected/a", "z"),
            lambda: os.rename("b", "protected/a"),
        ):
            try:
                move()
            except OSError as error:
                print("no:", error, file=sys.stderr)
        subprocess.run("ls protected > list; test -f keep/x", shell=True, check=True)
        """
    )
    workshop.write("b", "b")
    workshop.write("s.sh", "set -e\necho x > protected/a\n")
    done = workshop.run()
    assert done.status == 0, done.err
    assert done.err.count("no:") == 13, done.err
    assert "it would delete `keep`, and that matches `keep/**`" in done.err
    assert "`s.sh`, a script it starts, would write `protected/a`" in done.err
    assert 'SOUL.md:6 says: "Never delete `keep/`"' in done.err
    assert (workshop / "protected/a").read_text() == "ref: refs/heads/main\n"
    assert (workshop / "list").read_text() == "a\n"
    assert not (workshop / "z").exists()

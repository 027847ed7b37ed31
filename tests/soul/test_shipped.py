from soulguard.soul.shipped import folder, shipped


def test_the_shipped_policies_are_found() -> None:
    assert shipped("defaults.yaml").is_file()
    assert shipped("presets/idempotent.md").parent.parent == folder()

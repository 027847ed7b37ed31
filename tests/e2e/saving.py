"""The ways in which editors save a file."""

import os


def in_place(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def rename_over(path, text):
    spare = path.with_name(f".{path.name}.swp")
    spare.write_text(text)
    os.replace(spare, path)


def delete_and_create(path, text):
    path.unlink()
    path.write_text(text)


def backup_and_create(path, text):
    path.rename(path.with_name(path.name + "~"))
    path.write_text(text)


def swap_a_link(path, text):
    """Point a symbolic link at another file, as deployments do."""
    target = path.with_name(f"{path.stem}-{os.urandom(4).hex()}.txt")
    target.write_text(text)
    link = path.with_name(".link")
    link.symlink_to(target.name)
    os.replace(link, path)


def burst(path, text):
    """Save twenty times in a row, only the last time whole."""
    for size in range(1, 20):
        in_place(path, text[: len(text) * size // 20])
    in_place(path, text)


WAYS = {
    way.__name__: way
    for way in (
        in_place, rename_over, delete_and_create, backup_and_create, swap_a_link, burst
    )
}  # fmt: skip

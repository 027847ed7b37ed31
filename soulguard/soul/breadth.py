"""Owns how wide a class of files is meant: all of them, or those a word picks out.

``Never edit files`` speaks of every file, ``never edit snapshot files`` of some that
nobody can tell from the others: to refuse all would be another rule. Nothing is
compiled here.
"""

from __future__ import annotations

from soulguard.soul.frames import Frame

_FILES = frozenset(
    ("file", "files", "folder", "folders", "directory", "directories", "document",
     "documents", "path", "paths")
)  # fmt: skip
_FREE = frozenset(
    ("any", "all", "every", "each", "some", "the", "a", "an", "of", "your", "my", "our", "their",
     "his", "her", "user", "user's", "users", "human", "owner", "owner's", "existing", "on", "in",
     "from", "this", "that", "these", "those", "to", "at", "disk", "filesystem", "file system",
     "project", "workspace", "repository", "repo", "permanently", "directly", "ever", "manually",
     "here", "anything", "something", "other", "else", "own", "inside", "within", "under", "or",
     "and", "be", "is", "are", "for", "by", "with", "as", "it", "them", "person", "anyone", "i",
     "you", "also", "just", "existing files", "project files", "user files", "user's files",
     "any project file", "code")
)  # fmt: skip
"""Words beside *files* that pick out none of them."""


_MEANS = frozenset(("via", "through"))


def by_means(frame: Frame) -> bool:
    """Whether only one way of doing it is meant: ``never write code via exec``."""
    return not _MEANS.isdisjoint(frame.words)


def bare(frame: Frame) -> bool:
    """Whether a verb stands alone: ``never delete``, and no ``security rules`` with it."""
    told = set(frame.verb.split()) | {frame.verb}
    words = {word for word in frame.words if word.isascii()}
    return not words - _FILES - _FREE - told


def narrowed(frame: Frame) -> bool:
    """Whether a word says which files are meant, and no name or class stands for it."""
    words = {word for word in frame.words if word.isascii()}
    if frame.paths or not words & _FILES:
        return False
    told = set(frame.verb.split()) | {frame.verb}
    return bool(words - _FILES - _FREE - told)

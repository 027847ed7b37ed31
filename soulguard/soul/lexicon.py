"""Owns the words: the shipped lexicon as one table from phrases to tags.

A tag is ``kind:name`` (``act:delete``, ``obj:secrets``, ``mod:deny``, ``rel:without``,
``neutral``). What follows from tags is decided in `soulguard.soul.frames`.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from soulguard.soul import tables

Tags = frozenset[str]
Table = dict[str, dict[tuple[str, ...], Tags]]
_KINDS = {"verbs": "act", "nouns": "obj", "modality": "mod", "relation": "rel"}
_VOWELS = "aeiou"


@functools.cache
def table() -> Table:
    """Give all phrases by their first word, each as (words -> tags)."""
    data = _load("lexicon.yaml")
    found: dict[tuple[str, ...], set[str]] = {}
    for section, kind in _KINDS.items():
        for name, phrases in data[section].items():
            for phrase in phrases:
                for form in _forms(phrase, kind, data["irregular"]):
                    found.setdefault(tuple(form.split()), set()).add(f"{kind}:{name}")
    _others(data, found)
    first: Table = {}
    for words, tags in found.items():
        first.setdefault(words[0], {})[words] = frozenset(tags)
    return first


def _others(data: Any, found: dict[tuple[str, ...], set[str]]) -> None:
    """Add the words that stand in plain lists: services, what changes nothing, things."""
    for name in _load("classes.yaml")["services"]:
        if name not in data["neutral"]:
            found.setdefault(tuple(name.split()), set()).add("obj:service")
    for word in data["neutral"]:
        found.setdefault(tuple(word.split()), set()).add("neutral")
    for word in data["things"]:
        found.setdefault(tuple(word.split()), set()).update(("neutral", "thing"))
    for phrase in data["compounds"]:
        found.setdefault(tuple(phrase.split()), set())


@functools.cache
def imperatives() -> frozenset[str]:
    """Give the first words that make a sentence a wish."""
    return frozenset(_load("lexicon.yaml")["imperatives"])


@functools.cache
def tone() -> frozenset[str]:
    """Give the words of how something is said."""
    return frozenset(_load("lexicon.yaml")["style"]["tone"])


@functools.cache
def beside_tone() -> frozenset[str]:
    """Give the words that may stand beside those of tone without saying anything else."""
    data = _load("lexicon.yaml")
    modal = (data["modality"][name] for name in ("deny", "only", "must", "prefer"))
    spare = (*data["style"]["about"], *data["neutral"], *itertools.chain(*modal))
    return tone() | {word for phrase in spare for word in phrase.split()}


@functools.cache
def labels() -> Mapping[str, str]:
    """Give the labels of lists (``protected files``), each with the sentence it begins."""
    found: dict[str, str] = {}
    for row in _load("lexicon.yaml")["labels"]:
        for adjective in row["adjectives"]:
            for noun in row["nouns"]:
                found[f"{adjective} {noun}".strip()] = row["says"]
                found[f"{noun} {adjective}".strip()] = row["says"]
    return found


@functools.cache
def classes() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Give the shipped classes by kind: paths, commands, hosts, services."""
    data = _load("classes.yaml")
    return {
        kind: {name: tuple(members) for name, members in groups.items()}
        for kind, groups in data.items()
    }


@functools.cache
def _load(name: str) -> Any:
    return tables.kept(name, "plain", lambda text: _plain(text, name))


def _plain(text: str, name: str) -> Any:
    from soulguard.soul import yamlnodes

    place = yamlnodes.Place(f"policies/{name}")
    return yamlnodes.plain(yamlnodes.compose(text, place))


def _forms(phrase: str, kind: str, irregular: Mapping[str, list[str]]) -> Iterator[str]:
    yield phrase
    if kind != "act":
        return
    verb, _, rest = phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    forms = irregular.get(verb) or _regular(verb)
    for form in forms:
        yield form + tail


def _regular(verb: str) -> tuple[str, str, str]:
    if verb.endswith("e"):
        return verb + "s", verb[:-1] + "ing", verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ies", verb + "ing", verb[:-1] + "ied"
    if verb.endswith(("s", "x", "ch", "sh", "z")):
        return verb + "es", verb + "ing", verb + "ed"
    return verb + "s", verb + "ing", verb + "ed"


def tags_at(words: list[str], start: int) -> tuple[int, Tags]:
    """Give how many words the longest phrase at `start` takes, and its tags."""
    options = table().get(words[start])
    if not options:
        return 0, frozenset()
    best, tags = 0, frozenset[str]()
    for phrase, found in options.items():
        size = len(phrase)
        if size > best and tuple(words[start : start + size]) == phrase:
            best, tags = size, found
    return best, tags

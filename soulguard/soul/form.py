"""Owns the YAML form of rules: fenced blocks, policy files and shipped rules alike.

One reader for all three, so that a key means the same everywhere. The form is
documented in docs/policy.md and as JSON Schema in policies/schema.json. Prose is not
read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from soulguard.errors import PolicySyntaxError
from soulguard.model import Action, EffectKind, OnDuplicate, Rule, Source, Where
from soulguard.soul import amounts, holding, requiring
from soulguard.soul import yamlnodes as y
from soulguard.soul.literals import host

FILE_KEYS = ("rules", "classes", "version")
RULE_KEYS = (
    "id", "text", "effect", "where", "except", "once", "on_duplicate", "atomic",
    "stamp", "key", "decision", "deny", "ask", "allow", "limit", "secret", "trash",
    "append_only", "notify", "record", "resend", "timeout", "determinism", "require",
)  # fmt: skip
WHERE_KEYS = (
    "path", "paths", "except", "class", "host", "hosts", "method", "methods", "url",
    "urls", "command", "commands", "to",
)  # fmt: skip
EXCEPT_KEYS = ("path", "paths", "class", "host", "hosts", "command", "commands", "to")
LIMIT_KEYS = ("max", "at_once", "per", "unit", "gap", "scope", "on_exceed")

BLOCK = 1
BUILT_IN = 2

WRITES = (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND, EffectKind.FILE_RENAME)
OUTPUTS = (*WRITES, EffectKind.FILE_DELETE)
_DECISIONS = ("deny", "ask", "allow")
_FLAGS: dict[str, tuple[Action, str]] = {
    "atomic": (Action.ATOMIC, "atomic-write"),
    "key": (Action.KEY, "dedup-key"),
    "secret": (Action.SECRET, "secrets"),
    "trash": (Action.TRASH, "trash"),
    "append_only": (Action.APPEND_ONLY, "append-only"),
    "notify": (Action.NOTIFY, "notify"),
    "record": (Action.RECORD, "logging"),
    "resend": (Action.RESEND, "resend"),
}
RANDOM = ("uuid", "random")
"""What `determinism` can draw from the run: `uuid.uuid4`, the module `random`."""
_CHOICES = {"unit": holding.UNITS, "scope": holding.SCOPES}
Classes = Mapping[str, tuple[str, ...]]


def read_form(
    text: str,
    place: y.Place,
    classes: Classes,
    *,
    precedence: int,
    prefix: str,
    complain: Callable[[PolicySyntaxError], None] | None = None,
) -> list[Rule]:
    """Read the rules of a YAML text.

    `classes` are the named lists that ``class:`` may use, `prefix` starts the ids of
    rules without one. `complain` is told of a rule that is not of the form, and the
    others are read; without it the first is raised.

    Raises:
        PolicySyntaxError: not YAML, or not of the form; with line and nearest key.
    """
    root = y.compose(text, place)
    if root is None:
        return []
    found = y.mapping(root, FILE_KEYS, place, "a policy")
    known = {**classes, **_own_classes(found, place)}
    reader = _Reader(place, known, precedence, prefix)
    if "rules" not in found:
        return []
    rules: list[Rule] = []
    for node in y.items(found["rules"][1], place, "`rules`"):
        try:
            rules.extend(reader.rule(node, len(rules) + 1))
        except PolicySyntaxError as error:
            if complain is None:
                raise
            complain(error)
    return rules


def read_classes(text: str, place: y.Place) -> dict[str, tuple[str, ...]]:
    """Read only the named lists of a YAML text."""
    root = y.compose(text, place)
    return _own_classes(y.mapping(root, FILE_KEYS, place, "a policy"), place)


def _own_classes(
    found: dict[str, tuple[Any, Any]], place: y.Place
) -> dict[str, tuple[str, ...]]:
    if "classes" not in found:
        return {}
    node = found["classes"][1]
    if node.id != "mapping":
        raise place.error(node, "`classes` must map names to lists")
    return {
        k.value: tuple(y.words(v, place, f"class `{k.value}`"))
        for k, v in y.pairs(node)
    }


class _Reader:
    """Reads the rules of one text."""

    def __init__(
        self, place: y.Place, classes: Classes, precedence: int, prefix: str
    ) -> None:
        self.place, self.classes = place, classes
        self.precedence, self.prefix = precedence, prefix

    def rule(self, node: Any, number: int) -> list[Rule]:
        """Read one rule of the form into one Rule per thing it asks for."""
        keys = y.mapping(node, RULE_KEYS, self.place, "a rule")
        rule_id = self._text(keys, "id") or f"{self.prefix}.{number}"
        text = self._text(keys, "text") or f"rule `{rule_id}`"
        actions = list(self._actions(keys))
        if not actions:
            raise self.place.error(
                node,
                f"rule `{rule_id}` asks for nothing",
                "add `once: run`, `decision: deny` or another key that acts",
            )
        where = self._where(keys)
        source = Source(self.place.span(node), text)
        rules = []
        for at, (action, family, extra) in enumerate(actions):
            rules.append(
                Rule(
                    id=rule_id if at == 0 else f"{rule_id}.{action.value}",
                    family=family,
                    action=action,
                    effects=self._effects(keys, action, where, node),
                    source=source,
                    where=where,
                    on_duplicate=self._on_duplicate(keys),
                    params={**extra, "precedence": self.precedence},
                )
            )
        for rule in rules:
            message, hint = holding.mistake(rule)
            if message:
                raise self.place.error(node, message, hint)
        return [self._default_scope(r) for r in rules]

    # -- what it asks for ---------------------------------------------------------

    def _actions(
        self, keys: dict[str, tuple[Any, Any]]
    ) -> list[tuple[Action, str, dict[str, Any]]]:
        found: list[tuple[Action, str, dict[str, Any]]] = []
        if "once" in keys:
            y.choice(keys["once"][1], ("run",), self.place, "`once`")
            found.append((Action.ONCE, "write-once", {}))
        if "stamp" in keys:
            y.choice(keys["stamp"][1], ("run_id",), self.place, "`stamp`")
            found.append((Action.STAMP, "run-id", {}))
        if "determinism" in keys:
            found.append((Action.SEED, "determinism", self._determinism(keys)))
        if decision := self._decision(keys):
            found.append((Action(decision), decision, self._timeout(keys)))
        if "limit" in keys:
            found.append((Action.LIMIT, "limit", self._limit(keys["limit"][1])))
        if "require" in keys:
            required = requiring.read(keys["require"][1], self.place)
            found.append((Action.REQUIRE, "require", required))
        for name, (action, family) in _FLAGS.items():
            if name in keys and y.flag(keys[name][1], self.place, f"`{name}`"):
                found.append((action, family, {}))
        return found

    def _decision(self, keys: dict[str, tuple[Any, Any]]) -> str:
        said = []
        if "decision" in keys:
            node = keys["decision"][1]
            said.append(y.choice(node, _DECISIONS, self.place, "`decision`"))
        said += [
            name
            for name in _DECISIONS
            if name in keys and y.flag(keys[name][1], self.place, f"`{name}`")
        ]
        if len(said) > 1:
            node = keys[said[1]][0] if said[1] in keys else keys["decision"][0]
            raise self.place.error(node, "a rule has one decision", "make it two rules")
        return said[0] if said else ""

    def _determinism(self, keys: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
        """Read what is drawn from the run; it holds for processes, not for effects."""
        for name in ("effect", "where", "except"):
            if name in keys:
                message = "`determinism` holds for the whole run"
                hint = f"leave `{name}` out, or make it two rules"
                raise self.place.error(keys[name][0], message, hint)
        sources: list[str] = []
        for item in y.items(keys["determinism"][1], self.place, "`determinism`"):
            for word in y.scalar(item, self.place, "`determinism`").split(","):
                if word.strip() not in RANDOM:
                    message = f"value `{word.strip()}` of `determinism`"
                    raise y.unknown(self.place, item, message, RANDOM)
                sources.append(word.strip())
        return {"sources": sorted(set(sources))}

    def _timeout(self, keys: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
        """Read how long a question waits for its answer, in seconds."""
        text = self._text(keys, "timeout")
        if not text:
            return {}
        found = amounts.seconds(text)
        if found is None:
            message = f"`timeout`: `{text}` is not a time such as `10min`"
            raise self.place.error(keys["timeout"][1], message)
        if self._decision(keys) != "ask":
            message = "`timeout` is for a rule that asks"
            raise self.place.error(keys["timeout"][0], message, "say `decision: ask`")
        return {"timeout": found}

    def _on_duplicate(self, keys: dict[str, tuple[Any, Any]]) -> OnDuplicate:
        if "on_duplicate" not in keys:
            return OnDuplicate.BLOCK
        options = [o.value for o in OnDuplicate]
        node = keys["on_duplicate"][1]
        return OnDuplicate(y.choice(node, options, self.place, "`on_duplicate`"))

    def _limit(self, node: Any) -> dict[str, Any]:
        keys = y.mapping(node, LIMIT_KEYS, self.place, "`limit`")
        found: dict[str, Any] = {}
        for name, (_, value) in keys.items():
            text = y.scalar(value, self.place, f"`{name}`")
            if name in _CHOICES:
                found[name] = y.choice(value, _CHOICES[name], self.place, f"`{name}`")
                continue
            try:
                found[name] = amounts.of_key(name, text)
            except ValueError as error:
                raise self.place.error(value, f"`{name}`: {error}") from None
        if not {"max", "gap", "at_once"} & set(found):
            raise self.place.error(node, "a limit needs `max`, `gap` or `at_once`")
        self._each(found, node)
        return found

    def _each(self, limit: dict[str, Any], node: Any) -> None:
        """Refuse a count per file or call: only sizes and retries are of one each."""
        per, unit = limit.get("per"), limit.get("unit")
        if unit in holding.LENGTHS and per not in (None, "call"):
            message = f"`{unit}` are of one message, not `per: {per}`"
            raise self.place.error(node, message, "leave `per` out")
        sizes = {
            "file": (None, "bytes"),
            "call": ("bytes", "retries", *holding.LENGTHS),
        }
        if per in sizes and unit not in sizes[per]:
            message = f"`per: {per}` is for a size, not for a count"
            raise self.place.error(node, message, "say `unit: bytes`, or `per: run`")

    # -- what it speaks of --------------------------------------------------------

    def _effects(
        self, keys: dict[str, tuple[Any, Any]], action: Action, where: Where, node: Any
    ) -> tuple[EffectKind, ...]:
        if action is Action.SEED:
            return ()
        if "effect" not in keys:
            return self._guessed(action, where, node)
        known = {k.value: k for k in EffectKind if k is not EffectKind.CUSTOM}
        found: list[EffectKind] = []
        for item in y.items(keys["effect"][1], self.place, "`effect`"):
            name = y.scalar(item, self.place, "`effect`")
            if name not in known:
                message = f"effect named `{name}`"
                raise y.unknown(self.place, item, message, known)
            if name == "file.write":
                found.extend(OUTPUTS if action is Action.ONCE else WRITES)
            else:
                found.append(known[name])
        return tuple(dict.fromkeys(found))

    def _guessed(
        self, action: Action, where: Where, node: Any
    ) -> tuple[EffectKind, ...]:
        if where.commands:
            return (EffectKind.COMMAND_RUN,)
        if where.methods or where.url_paths or action in (Action.KEY, Action.RESEND):
            return (EffectKind.HTTP_CALL,)
        if where.hosts or where.except_hosts:
            return (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND)
        if action is Action.TRASH:
            return (EffectKind.FILE_DELETE,)
        if where.paths or action in (Action.ONCE, Action.ATOMIC, Action.STAMP):
            return OUTPUTS if action is Action.ONCE else WRITES
        raise self.place.error(node, "a rule needs `effect` or `where`")

    def _where(self, keys: dict[str, tuple[Any, Any]]) -> Where:
        if "where" not in keys:
            return self._excepted(Where(), keys.get("except"))
        found = y.mapping(keys["where"][1], WHERE_KEYS, self.place, "`where`")
        where = Where(
            paths=(*self._all(found, "path", "paths"), *self._classes(found)),
            hosts=self._hosts(found),
            methods=tuple(m.upper() for m in self._all(found, "method", "methods")),
            url_paths=self._all(found, "url", "urls"),
            commands=self._all(found, "command", "commands"),
        )
        where = self._excepted(where, found.get("except"))
        return self._excepted(where, keys.get("except"))

    def _excepted(self, where: Where, pair: tuple[Any, Any] | None) -> Where:
        if pair is None:
            return where
        paths, hosts = where.except_paths, where.except_hosts
        commands: tuple[str, ...] = ()
        node = pair[1]
        if node.id == "mapping":
            found = y.mapping(node, EXCEPT_KEYS, self.place, "`except`")
            paths = (*paths, *self._all(found, "path", "paths"), *self._classes(found))
            hosts = (*hosts, *self._hosts(found))
            commands = self._all(found, "command", "commands")
        else:
            said = tuple(y.words(node, self.place, "`except`"))
            if where.commands:
                commands = said
            elif where.hosts or where.methods:
                hosts = (*hosts, *self._bare(node, "`except`"))
            else:
                paths = (*paths, *said)
        return Where(
            where.paths, paths, where.hosts, hosts, where.methods, where.url_paths,
            where.commands, (*where.except_commands, *commands),
        )  # fmt: skip

    def _classes(self, found: dict[str, tuple[Any, Any]]) -> tuple[str, ...]:
        if "class" not in found:
            return ()
        out: list[str] = []
        for item in y.items(found["class"][1], self.place, "`class`"):
            name = y.scalar(item, self.place, "`class`")
            if name not in self.classes:
                raise y.unknown(self.place, item, f"class `{name}`", self.classes)
            out.extend(self.classes[name])
        return tuple(out)

    def _default_scope(self, rule: Rule) -> Rule:
        """Give a write-once, atomic or stamp rule without a place the default scope."""
        if rule.action not in (Action.ONCE, Action.ATOMIC, Action.STAMP):
            return rule
        if rule.where.paths or EffectKind.FILE_WRITE not in rule.effects:
            return rule
        excepts = (*self.classes.get("not-outputs", ()), *rule.where.except_paths)
        where = Where(paths=("**",), except_paths=excepts)
        return Rule(
            rule.id, rule.family, rule.action, rule.effects, rule.source, where,
            rule.on_duplicate, rule.grade, rule.params,
        )  # fmt: skip

    # -- small readers ------------------------------------------------------------

    def _hosts(self, keys: dict[str, tuple[Any, Any]]) -> tuple[str, ...]:
        named = [(keys[n][1], f"`{n}`") for n in ("host", "hosts") if n in keys]
        hosts = [text for node, what in named for text in self._bare(node, what)]
        return (*hosts, *self._all(keys, "to"))

    def _bare(self, node: Any, what: str) -> Iterator[str]:
        """Give host globs; one with more than a host in it would never hold.

        Mail and IPv6 addresses are taken as they are.
        """
        for item in y.items(node, self.place, what):
            text = y.scalar(item, self.place, what)
            address = "@" in text or (text.count(":") > 1 and "://" not in text)
            if not address and (bare := host(text)) != text:
                hint = f"leave out scheme, port and path, in lower case: `{bare}`"
                raise self.place.error(item, f"`{text}` is no host", hint)
            yield text

    def _text(self, keys: dict[str, tuple[Any, Any]], name: str) -> str:
        if name not in keys:
            return ""
        return y.scalar(keys[name][1], self.place, f"`{name}`")

    def _all(self, keys: dict[str, tuple[Any, Any]], *names: str) -> tuple[str, ...]:
        return tuple(
            word
            for name in names
            if name in keys
            for word in y.words(keys[name][1], self.place, f"`{name}`")
        )

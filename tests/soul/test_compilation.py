from soulguard.errors import EmptyPolicyError, PolicyError, PolicySyntaxError
from soulguard.model import Policy, Span
from soulguard.soul.compilation import Compilation, Diagnostic, Severity


def test_a_diagnostic_raises_as_the_error_it_names() -> None:
    span = Span("SOUL.md", 3, 5)
    for kind in (PolicySyntaxError, EmptyPolicyError, PolicyError):
        said = Diagnostic(Severity.ERROR, "wrong", span, "do this", kind.slug).error()
        assert type(said) is kind
        assert (said.message, said.where, said.hint) == (
            "wrong",
            "SOUL.md:3:5",
            "do this",
        )


def test_only_errors_stop_a_run() -> None:
    warning = Diagnostic(Severity.WARNING, "w", Span("x"))
    error = Diagnostic(Severity.ERROR, "e", Span("x"))
    found = Compilation(Policy("/r", 1, ()), diagnostics=(warning, error))
    assert found.errors == (error,)
    assert found.own == 0

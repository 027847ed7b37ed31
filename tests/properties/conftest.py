from tests.soul.conftest import compile_text

__all__ = ["compile_text"]

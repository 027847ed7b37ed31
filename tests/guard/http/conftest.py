from tests.compat.http.conftest import stage, world

__all__ = ["stage", "world"]

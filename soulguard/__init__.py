"""soulguard makes SOUL.md binding."""

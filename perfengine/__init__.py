"""perfengine: load PostgreSQL with the work an application would send, and judge it with evidence."""

__version__ = "0.1.0"

__all__ = ["__version__"]

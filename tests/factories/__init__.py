"""One factory per model, valid by default: ``tests.factories.<room>``."""

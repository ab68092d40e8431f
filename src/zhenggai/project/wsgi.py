"""What a WSGI server calls: ``zhenggai.project.wsgi:application``."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenggai.project.settings")
application = get_wsgi_application()

# Load every view now, then keep what is loaded out of garbage collection: walking it in the middle of a request cost up to 30 ms
# of the ledger page at 10,000 findings.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)

"""The product's settings with one page more: a bare view behind the same log-in, to compare with."""

from casework.settings import *  # noqa: F403

ROOT_URLCONF = "desks.bench.urls"

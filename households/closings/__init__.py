"""Closing the case of a household (종결): proposed by a worker, approved by another, looked at again, reopened."""

"""Supports and caseloads."""

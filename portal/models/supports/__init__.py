"""Supports, point people, and the caseloads that follow from them."""

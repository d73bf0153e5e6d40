"""Candidates by push: webhooks by the Standard Webhooks convention."""

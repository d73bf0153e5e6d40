"""Alerts: which event concerns which rule, when it may be told and in which words; claimed before it is sent."""

"""The console over the store of the main user: every page's time at the server, beside a plain SELECT of its rows."""

"""The main job, offline: a sandbox, a fresh store, three virtual weeks."""

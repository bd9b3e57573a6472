"""Adopt an app that has Inngest by hand or by the tool of 2023: its code carried into ours."""

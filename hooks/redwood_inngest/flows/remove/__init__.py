"""Taking Inngest out of an app again."""

"""Code that uses the Inngest SDK, brought from one major version of the SDK to a later one."""

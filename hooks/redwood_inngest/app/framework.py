"""Redwood and Cedar: everything in which the two differ, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Framework:
    """A framework that apps are made with.

    Attributes:
        name: `redwood` or `cedar`, as the answers file has it.
        config_file: The file that makes a folder an app.
        scope: The scope of its npm packages.
        command: Its command line, as a script runner finds it: `yarn rw`.
        graphql: The version of `graphql` that its newest GraphQL server depends on.
        first: The first version with which the generated code works, as major and minor.
        tried: The oldest and the newest version with which the generated code has run.
    """

    name: str
    config_file: str
    scope: str
    command: str
    graphql: str
    first: tuple[int, int]
    tried: tuple[str, str]

    @property
    def title(self) -> str:
        """The name as people write it."""
        return self.name.capitalize()

    @property
    def server_package(self) -> str:
        """The npm package with `createGraphQLHandler`."""
        return f"{self.scope}/graphql-server"


REDWOOD = Framework(
    name="redwood",
    config_file="redwood.toml",
    scope="@redwoodjs",
    command="rw",
    graphql="16.9.0",  # @redwoodjs/graphql-server 8.9.0
    # Redwood 0.37 and 0.38 have `extraPlugins`, but graphql 15, which has other names for what
    # the plugin uses: no event is sent. Run with 0.37.5 and with 0.39.4, 0.49.1, 1.5.2,
    # 3.8.0, 4.4.2, 5.3.2, 6.6.4, 7.0.4 and 8.9.0.
    first=(0, 39),
    tried=("0.39", "8.9"),
)

CEDAR = Framework(
    name="cedar",
    config_file="cedar.toml",
    scope="@cedarjs",
    command="cedar",
    graphql="16.14.2",  # @cedarjs/graphql-server 5.0.3
    first=(0, 0),
    tried=("4.2", "5.0"),  # older versions could not be installed to try them
)

FRAMEWORKS = {framework.name: framework for framework in (REDWOOD, CEDAR)}

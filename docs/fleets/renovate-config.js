// The configuration of a self-hosted Renovate: what a repository cannot decide for itself.
module.exports = {
  platform: 'github',
  repositories: ['my-org/my-shop'],
  // The template has tasks and migrations: without this, Renovate runs Copier without --trust, and
  // Copier refuses.
  allowScripts: true,
  // Copier and what the template needs are found on the PATH: see docs/fleets.md.
  binarySource: 'global',
}

// The edit of `redwood-inngest wire` as a jscodeshift transform, for the shapes that most handlers
// have: options as an object literal, extraPlugins as an array or not there.
const isServer = (node) => /^@(redwoodjs|cedarjs)\/graphql-server$/.test(node.source.value)

module.exports = function transform({ source }, { j }) {
  const root = j(source)
  const imports = root.find(j.ImportDeclaration)
  if (!imports.some(({ node }) => isServer(node))) {
    return undefined
  }

  let changed = false
  root
    .find(j.CallExpression, { callee: { type: 'Identifier', name: 'createGraphQLHandler' } })
    .forEach(({ node }) => {
      const [options] = node.arguments
      const plugins = options.properties.find(
        ({ key }) => key && (key.name ?? key.value) === 'extraPlugins'
      )
      const isOurs = (element) => element && element.name === 'inngestPlugin'
      if (plugins && plugins.value.elements.some(isOurs)) {
        return
      }
      changed = true
      if (plugins) {
        plugins.value.elements.push(j.identifier('inngestPlugin'))
      } else {
        const value = j.arrayExpression([j.identifier('inngestPlugin')])
        options.properties.push(j.objectProperty(j.identifier('extraPlugins'), value))
      }
    })

  if (!changed) {
    return undefined
  }
  const name = j.importSpecifier(j.identifier('inngestPlugin'))
  const added = j.importDeclaration([name], j.stringLiteral('src/inngest/plugin'))
  const later = imports.filter(({ node }) => node.source.value > 'src/inngest/plugin')
  if (later.size()) {
    later.at(0).insertBefore(added)
  } else {
    imports.at(-1).insertAfter(added)
  }
  return root.toSource({ quote: 'single' })
}

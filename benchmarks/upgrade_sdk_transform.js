// The step from SDK 3 to 4 of `redwood-inngest upgrade-sdk` as a jscodeshift transform, for the
// shapes that most modules have: triggers move into the options, schemas of a type of the module
// become event types, options of `serve` move to a client of the same module.
const SDK = 'inngest'
const MOVED = new Set(['baseUrl', 'fetch', 'signingKey', 'signingKeyFallback'])

const camel = (event) => {
  const words = event.match(/[A-Za-z0-9]+/g)
  const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('') + 'Event'
  return name[0].toLowerCase() + name.slice(1)
}

module.exports = function transform({ source }, { j }) {
  const root = j(source)
  const key = ({ key }) => key && (key.name ?? key.value)
  const member = (object, name) => object.properties.find((one) => key(one) === name)
  const property = (name, value) => j.objectProperty(j.identifier(name), value)
  const constants = new Map()
  let changed = false

  const sdk = root.find(j.ImportDeclaration, { source: { value: SDK } })
  const added = new Set()
  const clients = root.find(j.NewExpression, { callee: { name: 'Inngest' } })
  clients.forEach((path) => {
    const [options] = path.node.arguments
    const schemas = options && member(options, 'schemas')
    const record = schemas?.value.typeParameters?.params[0]
    if (record?.type === 'TSTypeReference') {
      const name = record.typeName.name
      const alias = root.find(j.TSTypeAliasDeclaration, { id: { name } })
      const declarations = alias.nodes()[0].typeAnnotation.members.map(({ key: { value } }) => {
        constants.set(value, camel(value))
        const data = j.tsIndexedAccessType(
          j.tsIndexedAccessType(
            j.tsTypeReference(j.identifier(name)),
            j.tsLiteralType(j.stringLiteral(value))
          ),
          j.tsLiteralType(j.stringLiteral('data'))
        )
        const schema = j.callExpression(j.identifier('staticSchema'), [])
        schema.typeParameters = j.tsTypeParameterInstantiation([data])
        const made = j.callExpression(j.identifier('eventType'), [
          j.stringLiteral(value),
          j.objectExpression([property('schema', schema)]),
        ])
        return j.exportNamedDeclaration(
          j.variableDeclaration('const', [j.variableDeclarator(j.identifier(camel(value)), made)])
        )
      })
      options.properties = options.properties.filter((one) => one !== schemas)
      j(path).closest(j.ExportNamedDeclaration).insertAfter(declarations)
      added.add('eventType').add('staticSchema')
      changed = true
    }
  })

  root
    .find(j.CallExpression, { callee: { property: { name: 'createFunction' } } })
    .forEach(({ node }) => {
      if (node.arguments.length !== 3) {
        return
      }
      const [options, trigger, handler] = node.arguments
      const one = (object) => {
        const event = object.properties && member(object, 'event')
        const constant = event && constants.get(event.value.value)
        return constant ? j.identifier(constant) : object
      }
      const list = trigger.type === 'ArrayExpression' ? trigger.elements : [trigger]
      options.properties.push(property('triggers', j.arrayExpression(list.map(one))))
      node.arguments = [options, handler]
      changed = true
    })

  root.find(j.CallExpression, { callee: { name: 'serve' } }).forEach(({ node }) => {
    const [options] = node.arguments
    const moved = options.properties.filter((one) => MOVED.has(key(one)))
    const [client] = clients.nodes()
    if (moved.length && client) {
      client.arguments[0].properties.push(...moved)
      options.properties = options.properties.filter((one) => !moved.includes(one))
      changed = true
    }
    const host = member(options, 'serveHost')
    if (host) {
      host.key = j.identifier('serveOrigin')
      changed = true
    }
  })

  if (!changed) {
    return undefined
  }
  sdk.forEach(({ node }) => {
    node.specifiers = node.specifiers.filter(({ imported }) => imported.name !== 'EventSchemas')
    node.specifiers.push(...[...added].map((name) => j.importSpecifier(j.identifier(name))))
  })
  return root.toSource({ quote: 'single' })
}

// The step from SDK 3 to 4 of `redwood-inngest upgrade-sdk` as a jscodeshift transform, for code that
// uses the SDK by its own names: triggers move into the options, schemas of a type of the module
// become event types, options of `serve` move to a client of the same module, clients say that they
// are in development, invoked functions are references. It checks nothing, and tells nothing.
const SDK = 'inngest'
const MOVED = new Set(['baseUrl', 'fetch', 'signingKey', 'signingKeyFallback', 'logLevel'])
const SAME_REALTIME = new Set(['getSubscriptionToken', 'subscribe'])

const camel = (event) => {
  const words = event.match(/[A-Za-z0-9]+/g)
  const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('') + 'Event'
  return name[0].toLowerCase() + name.slice(1)
}

module.exports = function transform({ source }, { j }) {
  const root = j(source)
  const key = ({ key }) => key && (key.name ?? key.value)
  const member = (object, name) =>
    object?.type === 'ObjectExpression' && object.properties.find((one) => key(one) === name)
  const property = (name, value) => j.objectProperty(j.identifier(name), value)
  const constants = new Map()
  const added = new Set()
  let changed = false

  const imports = root.find(j.ImportDeclaration)
  const clients = root.find(j.NewExpression, { callee: { name: 'Inngest' } })
  const clientId = () => member(clients.nodes()[0]?.arguments[0], 'id')?.value.value

  clients.forEach((path) => {
    const [options] = path.node.arguments
    const schemas = member(options, 'schemas')
    const record = schemas?.value?.typeParameters?.params[0]
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
    if (options && !member(options, 'isDev')) {
      const mode = "process.env.INNGEST_DEV ? undefined : process.env.NODE_ENV === 'development'"
      options.properties.push(property('isDev', j.template.expression([mode])))
      changed = true
    }
  })

  const withConstant = (object) => {
    const event = member(object, 'event')
    const constant = event && constants.get(event.value.value)
    if (constant) {
      event.value = j.identifier(constant)
      changed = true
    }
    return constant && object.properties.length === 1 ? event.value : object
  }

  const createFunction = (node) => {
    if (node.arguments.length !== 3) {
      return
    }
    const [options, trigger, handler] = node.arguments
    const list = trigger.type === 'ArrayExpression' ? trigger.elements : [trigger]
    options.properties.push(property('triggers', j.arrayExpression(list.map(withConstant))))
    node.arguments = [options, handler]
    changed = true
  }

  const onClient = (option) => {
    if (key(option) !== 'logLevel') {
      return option
    }
    added.add('ConsoleLogger')
    const level = j.objectExpression([property('level', option.value)])
    return property('logger', j.newExpression(j.identifier('ConsoleLogger'), [level]))
  }

  const serve = (node) => {
    const [options] = node.arguments
    const moved = options.properties.filter((one) => MOVED.has(key(one)))
    const [client] = clients.nodes()
    if (moved.length && client) {
      client.arguments[0].properties.push(...moved.map(onClient))
      options.properties = options.properties.filter((one) => !moved.includes(one))
      changed = true
    }
    const host = member(options, 'serveHost')
    if (host) {
      host.key = j.identifier('serveOrigin')
      changed = true
    }
    const streaming = member(options, 'streaming')
    if (streaming && ['allow', 'force'].includes(streaming.value.value)) {
      streaming.value = j.booleanLiteral(true)
      changed = true
    }
  }

  const invoke = (node) => {
    const invoked = member(node.arguments[1], 'function')
    const prefix = `${clientId()}-`
    if (invoked?.value.type === 'StringLiteral' && invoked.value.value.startsWith(prefix)) {
      const parts = [
        property('appId', j.stringLiteral(clientId())),
        property('functionId', j.stringLiteral(invoked.value.value.slice(prefix.length))),
      ]
      invoked.value = j.callExpression(j.identifier('referenceFunction'), [
        j.objectExpression(parts),
      ])
      added.add('referenceFunction')
      changed = true
    }
  }

  root.find(j.CallExpression).forEach(({ node }) => {
    const { callee } = node
    if (callee.type === 'Identifier' && callee.name === 'serve') {
      serve(node)
    } else if (callee.property?.name === 'createFunction') {
      createFunction(node)
    } else if (callee.object?.name === 'step' && callee.property.name === 'invoke') {
      invoke(node)
    } else if (callee.object?.name === 'step' && callee.property.name === 'waitForEvent') {
      withConstant(node.arguments[1])
    }
  })

  imports.forEach(({ node }) => {
    const same = ({ imported }) => SAME_REALTIME.has(imported?.name)
    if (node.source.value === '@inngest/realtime' && node.specifiers.every(same)) {
      node.source = j.stringLiteral('inngest/realtime')
      changed = true
    }
  })
  if (!changed) {
    return undefined
  }
  imports.filter(({ node }) => node.source.value === SDK).forEach(({ node }) => {
    node.specifiers = node.specifiers.filter(({ imported }) => imported.name !== 'EventSchemas')
    node.specifiers.push(...[...added].map((name) => j.importSpecifier(j.identifier(name))))
  })
  return root.toSource({ quote: 'single', trailingComma: true })
}

// Runs GraphQL handler modules with stubbed imports and tells what createGraphQLHandler receives.
//
// Reads one JSON object a line, {text, name, worlds}, and answers with one JSON object a line,
// {answers}, which has for each world {exports, calls, log} or {error}. What a stub gives follows
// from its name, so that a module reads naturally: getOptions() gives options, isProd is true or
// false.
const readline = require('node:readline')
const vm = require('node:vm')

const ts = require('typescript')

const HANDLER = 'createGraphQLHandler'

function makeWorld(world) {
  const calls = []
  const log = []
  const names = new Map()
  const named = (value, name) => (names.set(value, name), value)
  const named_object = (name) => named({ from: name }, name)

  const options = (name) => ({
    loggerConfig: named_object(`${name}.logger`),
    ...(world.plugins && { extraPlugins: plugins(name) }),
  })
  const plugins = (name) => [named_object(`${name}[0]`), named_object(`${name}[1]`)]

  const called = (name, give) =>
    named((...args) => {
      log.push(name)
      return give(args)
    }, name)

  function stub(name, local) {
    if (local === HANDLER) {
      return called(name, (args) => {
        calls.push(args.map(show))
        return called('handler', () => named_object('response'))
      })
    }
    if (/^is[A-Z]/.test(local)) {
      return world.flag
    }
    if (/^get\w*Options$/.test(local)) {
      return called(name, () => options(name))
    }
    if (/^get\w*Plugins$/.test(local)) {
      return called(name, () => (world.plugins ? plugins(name) : undefined))
    }
    if (/(options|base|config)$/i.test(local)) {
      return options(name)
    }
    if (/plugins$/i.test(local)) {
      return world.plugins ? plugins(name) : undefined
    }
    if (/^with[A-Z]/.test(local)) {
      return called(name, ([first]) => first)
    }
    return called(name, (args) =>
      named({ result: name, of: args.map(show) }, `${name}(${JSON.stringify(args.map(show))})`)
    )
  }

  // What a value is, as JSON: two runs of a module give the same when the module does the same.
  function show(value, depth = 0) {
    if (names.has(value)) {
      return `<${names.get(value)}>`
    }
    if (typeof value === 'function') {
      return `function ${value.toString().replace(/\s+/g, ' ')}`
    }
    if (typeof value !== 'object' || value === null || depth > 8) {
      return value === undefined ? '<undefined>' : value
    }
    if (Array.isArray(value)) {
      return Array.from(value, (item, place) =>
        place in value ? show(item, depth + 1) : '<hole>'
      )
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, show(item, depth + 1)])
    )
  }

  const modules = new Map()
  function load(specifier) {
    const key = specifier.replace(/^(\.\.?\/|src\/)+/, '').replace(/\.[jt]s$/, '')
    if (!modules.has(key)) {
      const members = new Map()
      modules.set(
        key,
        new Proxy(Object.create(null), {
          get(_, local) {
            if (local === '__esModule') {
              return true
            }
            if (typeof local === 'symbol' || local === 'then') {
              return undefined
            }
            if (!members.has(local)) {
              members.set(local, stub(`${key}#${local}`, local))
            }
            return members.get(local)
          },
        })
      )
    }
    return modules.get(key)
  }

  return { calls, log, load }
}

function transpile({ text, name }) {
  const { outputText } = ts.transpileModule(text.replace(/^\uFEFF/, ''), {
    fileName: name.replace(/[cm](?=[jt]s$)/, ''), // .mts and .mjs would stay as they are.
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      jsx: ts.JsxEmit.React,
      esModuleInterop: true,
      allowJs: true,
      removeComments: true,
    },
  })
  return outputText.replace(/^#!.*/, '')
}

async function run(code, name, world) {
  const { calls, log, load } = makeWorld(world)
  const module = { exports: {} }
  const body = `(async (exports, require, module, process, React) => {\n${code}\n})`
  const main = vm.runInThisContext(body, { filename: name })
  const process_ = { env: { NODE_ENV: 'test' }, exit() {} }
  await main(module.exports, load, module, process_, {})
  for (const exported of Object.values(module.exports)) {
    if (typeof exported === 'function') {
      await exported({}, {}) // A handler may be made when it is called.
    }
  }
  return { exports: Object.keys(module.exports).sort(), calls, log }
}

const inEachWorld = async ({ text, name, worlds }) => {
  const code = transpile({ text, name })
  const answers = []
  for (const world of worlds) {
    answers.push(await run(code, name, world).catch((error) => ({ error: `${error}` })))
  }
  return { answers }
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  process.stdout.write(`${JSON.stringify(await inEachWorld(JSON.parse(line)))}\n`)
})

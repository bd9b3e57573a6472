// Type-checks and runs modules that use the Inngest SDK, under the version installed in its folder.
// What the SDK sends out (registrations, events) is kept here and answered as Inngest would.
const fs = require('node:fs')
const path = require('node:path')
const { createRequire } = require('node:module')

const { serve } = require('./serve.cjs')

const root = process.cwd()
const load = createRequire(path.join(root, 'package.json'))
const ts = load('typescript')

const SAMPLE = { id: '1', email: 'ada@example.com', items: ['a', 'b'] }
const MAX_REQUESTS = 60
const options = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}

let sent = []
let registered = []
globalThis.fetch = async (url, init = {}) => {
  const address = new URL(String(url?.url ?? url))
  const body = init.body ? JSON.parse(init.body) : null
  const answer = (value) =>
    new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } })
  if (address.pathname.startsWith('/fn/register')) {
    registered.push(body)
    return answer({ ok: true, modified: true })
  }
  if (address.pathname.startsWith('/e/')) {
    const events = Array.isArray(body) ? body : [body]
    sent.push(...events.map(({ name, data }) => ({ name, data })))
    return answer({ ids: events.map((_, number) => `id-${number}`), status: 200 })
  }
  return answer({})
}

// The modules of a case lie in a folder of their own, below the one that has node_modules.
const placed = (name, files) => {
  const folder = path.join(root, 'cases', name)
  fs.rmSync(folder, { recursive: true, force: true })
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(folder, file)
    fs.mkdirSync(path.dirname(target), { recursive: true })
    fs.writeFileSync(target, text)
  }
  return folder
}

const types = (cases) => {
  const folders = Object.entries(cases).map(([name, files]) => [name, placed(name, files), files])
  const names = folders.flatMap(([, folder, files]) =>
    Object.keys(files).map((file) => path.join(folder, file))
  )
  const program = ts.createProgram(names, options)
  const found = {}
  for (const [name, folder] of folders) found[name] = []
  for (const one of ts.getPreEmitDiagnostics(program)) {
    const at = one.file ? path.relative(path.join(root, 'cases'), one.file.fileName) : ''
    const name = folders.map(([key]) => key).find((key) => at.startsWith(`${key}/`)) ?? ''
    const line = one.file ? one.file.getLineAndCharacterOfPosition(one.start).line + 1 : 0
    const text = ts.flattenDiagnosticMessageText(one.messageText, '\n')
    ;(found[name] ??= []).push(`${at}:${line}: ${text}`)
  }
  return found
}

const loaded = (name, files) => {
  const folder = placed(name, files)
  for (const file of Object.keys(files)) {
    const text = fs.readFileSync(path.join(folder, file), 'utf8')
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
    })
    fs.writeFileSync(path.join(folder, file.replace(/\.tsx?$/, '.js')), outputText)
  }
  const entry = Object.keys(files).find((file) => /^(endpoint|input|output)\./.test(file))
  const module = path.join(folder, entry.replace(/\.tsx?$/, '.js'))
  delete require.cache[module]
  return require(module)
}

const request = async (handler, method, query, body) => {
  const response = await handler(
    {
      path: '/api/inngest',
      httpMethod: method,
      headers: { host: 'localhost:8911', 'content-type': 'application/json' },
      queryStringParameters: query,
      body: body ? JSON.stringify(body) : '',
    },
    {}
  )
  const text = response.body ?? ''
  return { status: response.statusCode, body: text ? JSON.parse(text) : null }
}

const seen = ({ op, id, name, displayName, opts }) => ({
  op: op === 'StepRun' ? 'Step' : op,
  id,
  name,
  displayName,
  opts: { timeout: opts?.timeout, if: opts?.if, function_id: opts?.function_id },
})

const outcome = (op, event) => {
  if (op.op === 'WaitForEvent') return { name: op.name, data: event.data }
  return op.op === 'InvokeFunction' ? { invoked: true } : null
}

// Runs a function to its end as Inngest does: one request for each step that it finds.
const runFunction = async (handler, fnId, event, version) => {
  const steps = {}
  const stack = []
  const trace = []
  for (let count = 0; count < MAX_REQUESTS; count++) {
    const ctx = { run_id: 'run', attempt: 0, stack: { stack, current: stack.length } }
    const body = { version, event, events: [event], steps, ctx }
    const answer = await request(handler, 'POST', { fnId, stepId: 'step' }, body)
    if (answer.status !== 206) return { trace, status: answer.status, result: answer.body }
    for (const op of answer.body) {
      let done = op
      trace.push(seen(op))
      if (op.op === 'StepPlanned') {
        const again = await request(handler, 'POST', { fnId, stepId: op.id }, body)
        done = [again.body].flat().find((one) => one.id === op.id) ?? { error: again.body }
      }
      const data = op.op.startsWith('Step') ? done.data : outcome(op, event)
      // The protocol 0 has what a step gave as it is, the later one in a wrapper.
      steps[op.id] = version > 0 ? { type: 'data', data } : data
      stack.push(op.id)
    }
  }
  throw new Error(`${fnId} does not come to its end`)
}

const run = async (name, files, versions) => {
  sent = []
  registered = []
  const { handler } = loaded(name, files)
  const answer = await request(handler, 'PUT', {}, {})
  if (!registered.length) throw new Error(`not registered: ${JSON.stringify(answer)}`)
  const app = registered.at(-1)
  const functions = app.functions.map(({ id, name, triggers, concurrency, cancel }) => ({
    id,
    name,
    triggers,
    concurrency,
    cancel,
  }))
  const runs = {}
  for (const version of versions) {
    runs[version] = {}
    for (const one of functions) {
      if (one.id.endsWith('-failure')) continue
      const event = { name: one.triggers[0]?.event ?? 'inngest/scheduled.timer', data: SAMPLE, ts: 1 }
      sent = []
      const ran = await runFunction(handler, one.id, event, version)
      runs[version][one.id] = { ...ran, sent }
    }
  }
  return { app: app.appName, functions, runs }
}

serve({ types, run })

// The app's own tools, in one process that stays: TypeScript, ESLint, Prettier and the build.
//
// Runs in the folder of an app. What TypeScript knows of packages is kept from one call to the
// next, as `tsc --watch` does; the app's own imports are resolved anew each time, since the tests
// put other packages in their place.
const path = require('node:path')

const { serve } = require('./serve.cjs')

const app = process.cwd()

const resolveFrom = (folders, name) => require.resolve(name, { paths: folders })
const requireFromApp = (name) => require(resolveFrom([app], name))

const inPackages = (file) => file.includes('/node_modules/')

const FORMAT = {
  getCurrentDirectory: () => app,
  getNewLine: () => '\n',
  getCanonicalFileName: (name) => name,
}

const checkers = new Map()

/** Checks the app as it is, and gives a function that says what is new when it has changed. */
const makeChecker = (typescript, configFile) => {
  const ts = require(typescript)
  const fail = ({ messageText }) => {
    throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'))
  }
  const config = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail }
  const parsedPackages = new Map()
  let program

  const makeHost = (options) => {
    const host = ts.createCompilerHost(options)
    const parse = host.getSourceFile
    host.getSourceFile = (file, ...rest) => {
      if (!inPackages(file)) {
        return parse(file, ...rest)
      }
      if (!parsedPackages.has(file)) {
        parsedPackages.set(file, parse(file, ...rest))
      }
      return parsedPackages.get(file)
    }
    host.hasInvalidatedResolutions = (file) => !inPackages(file)
    return host
  }

  // JavaScript that nobody checks does not depend on what packages declare.
  const isTypeScript = path.basename(configFile) === 'tsconfig.json'
  const overrides = isTypeScript ? {} : { noResolve: true, types: [] }

  const build = () => {
    const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(configFile, overrides, config)
    program = ts.createProgram(fileNames, options, makeHost(options), program)
    return program.getSourceFiles()
  }

  const diagnosticsOf = (files) => {
    const found = [
      ...program.getOptionsDiagnostics(),
      ...program.getGlobalDiagnostics(),
      ...files.flatMap((file) => program.getSyntacticDiagnostics(file)),
      ...files.flatMap((file) => program.getSemanticDiagnostics(file)),
    ]
    return new Set(found.map((each) => ts.formatDiagnostic(each, FORMAT).trim()))
  }

  const files = build()
  const packagesBefore = new Set(files.map(({ fileName }) => fileName).filter(inPackages))
  const before = diagnosticsOf(files.filter(({ fileName }) => !inPackages(fileName)))

  return () => {
    const added = build().filter(({ fileName }) => !packagesBefore.has(fileName))
    return [...diagnosticsOf(added)].filter((each) => !before.has(each))
  }
}

const checkerKey = (typescript, configFile) => `${typescript} ${configFile}`

/** Type-check the app as it is now, with the TypeScript at this path. */
const typeCheckBefore = (typescript, configFile) => {
  const key = checkerKey(typescript, configFile)
  if (!checkers.has(key)) {
    checkers.set(key, makeChecker(typescript, configFile))
  }
}

/**
 * What `tsc -p configFile` says now and did not say before.
 *
 * It checks the app's own files, and those of packages that were not there before. The others are
 * not checked again: two thousand files, and a declaration that clashes with one of them is itself
 * among the new ones.
 */
const newDiagnostics = (typescript, configFile) => checkers.get(checkerKey(typescript, configFile))()

const linters = new Map()

/**
 * What the app's ESLint configuration says of these files, as `file:line rule message`.
 *
 * Its Prettier rule keeps the options that it has read once: `unformatted` is there for an app
 * whose options have changed since.
 */
const lint = async (files, withPrettier) => {
  if (!linters.has(withPrettier)) {
    const { loadESLint } = requireFromApp('eslint')
    const ESLint = await loadESLint({ cwd: app }) // for the kind of configuration that it has
    const overrideConfig = { rules: { 'prettier/prettier': 'off' } }
    linters.set(withPrettier, new ESLint({ cwd: app, ...(!withPrettier && { overrideConfig }) }))
  }
  const results = await linters.get(withPrettier).lintFiles(files)
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, ruleId, message }) => {
      return `${path.relative(app, filePath)}:${line} ${ruleId} ${message}`
    })
  )
}

/** The files that the Prettier of the framework would write otherwise. */
const unformatted = async (scope, files) => {
  const fs = require('node:fs/promises')
  const config = path.dirname(resolveFrom([app], `${scope}/eslint-config`))
  const prettier = require(resolveFrom([config], 'prettier'))
  const check = async (file) => {
    const options = await prettier.resolveConfig(file, { editorconfig: true, useCache: false })
    const text = await fs.readFile(file, 'utf8')
    return prettier.check(text, { ...options, filepath: file })
  }
  const checks = await Promise.all(files.map(check))
  return files.filter((_, index) => !checks[index])
}

/** What modules export, in a thread of its own: Node keeps where it has found a package. */
const exportsOf = (files) => {
  const { Worker } = require('node:worker_threads')
  const script = `
    const { parentPort, workerData } = require('node:worker_threads')
    parentPort.postMessage(workerData.map((file) => Object.keys(require(file))))
  `
  const worker = new Worker(script, { eval: true, workerData: files })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  }).finally(() => worker.terminate())
}

/** Build the api side, as the framework's `build api` does, and load these modules of it. */
const build = async (scope, modules) => {
  const { buildApi, cleanApiBuild } = requireFromApp(`${scope}/internal/dist/build/api`)
  await cleanApiBuild()
  const { errors, warnings } = await buildApi()
  const dist = path.join(app, 'api', 'dist')
  const exported = await exportsOf(modules.map((module) => path.join(dist, module)))
  return { problems: [...errors, ...warnings].map(({ text }) => text), exported }
}

serve({ typeCheckBefore, newDiagnostics, lint, unformatted, build })

// The tools that need no app.
const acorn = require('acorn')
const esbuild = require('esbuild')
const prettier = require('prettier')
const ts = require('typescript')

const { serve } = require('./serve.cjs')

const REDWOOD_STYLE = {
  trailingComma: 'es5',
  bracketSpacing: true,
  tabWidth: 2,
  semi: false,
  singleQuote: true,
  arrowParens: 'always',
}

const transpile = (source, fileName) => {
  const { outputText, diagnostics } = ts.transpileModule(source, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      jsx: ts.JsxEmit.Preserve,
    },
  })
  if (diagnostics.length > 0) {
    throw new Error(ts.flattenDiagnosticMessageText(diagnostics[0].messageText, '\n'))
  }
  return outputText
}

// One text for all JavaScript that only differs in layout, comments and idle parentheses.
const canonical = (source) => {
  const { code } = esbuild.transformSync(source, {
    loader: 'jsx',
    jsx: 'preserve',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    target: 'esnext',
  })
  return code.replaceAll('export{};', '').trim().replace(/;?export\{\}$/, '').replace(/;$/, '')
}

const functions = {
  transpile,
  canonical,
  canonicalTranspiled: (source, fileName) => canonical(transpile(source, fileName)),
  parse: (source) => {
    acorn.parse(source, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true })
  },
  format: (source, fileName, style) =>
    prettier.format(source, { ...(style ?? REDWOOD_STYLE), filepath: fileName }),
  // The files that Prettier would change, each with the first line that it would.
  unclean: async (files, options) => {
    const found = []
    for (const [filepath, text] of Object.entries(files)) {
      const formatted = await prettier.format(text, { ...options, filepath })
      if (formatted !== text) {
        const lines = formatted.split(/\r\n?|\n/)
        const index = text.split(/\r\n?|\n/).findIndex((line, at) => line !== lines[at])
        found.push(`${filepath}:${index + 1}: ${lines[index]}`)
      }
    }
    return found
  },
  resolveConfig: (fileName) => prettier.resolveConfig(fileName, { editorconfig: true, useCache: false }),
}

serve(functions)

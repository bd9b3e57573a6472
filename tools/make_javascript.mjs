// Makes the template's JavaScript from its TypeScript: types erased, laid out by Prettier.
//
// Usage: node make_javascript.mjs [the template's folder]

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

import prettier from 'prettier'
import { blankSourceFile } from 'ts-blank-space'
import ts from 'typescript'

// Copier makes a folder only where its name is not empty.
const folderFor = (language) =>
  `{% if language == '${language}' %}{{ api_path }}{% endif %}`
const HEADER = '{# Made from the TypeScript by `make javascript`: edit that. #}\n'
const REDWOOD_STYLE = {
  trailingComma: 'es5',
  bracketSpacing: true,
  tabWidth: 2,
  semi: false,
  singleQuote: true,
  arrowParens: 'always',
  printWidth: 80,
}

const template = process.argv[2] ?? path.join(import.meta.dirname, '..', 'template')
try {
  await makeJavaScript(path.join(template, folderFor('ts')), path.join(template, folderFor('js')))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

/** Makes a folder of JavaScript from a folder of TypeScript; all of it or nothing. */
async function makeJavaScript(from, to) {
  const made = new Map()
  for (const file of await readdir(from, { recursive: true })) {
    if (file.endsWith('.ts.jinja')) {
      const source = await readFile(path.join(from, file), 'utf8')
      made.set(file.replace(/ts\.jinja$/, 'js.jinja'), await toJavaScript(source, file))
    }
  }
  await rm(to, { recursive: true, force: true })
  for (const [file, javascript] of made) {
    await mkdir(path.dirname(path.join(to, file)), { recursive: true })
    await writeFile(path.join(to, file), HEADER + javascript)
  }
}

/** The JavaScript of a TypeScript module. */
async function toJavaScript(source, name) {
  const version = ts.ScriptTarget.ESNext
  const tree = ts.createSourceFile(name, source, version, false, ts.ScriptKind.TS)
  if (/\{[{%#]/.test(source)) {
    throw new Error(`${name} holds Jinja. Keep such a file as NAME.{{ language }}.jinja.`)
  }
  const erased = blankSourceFile(tree, (node) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree))
    throw new Error(`${name}:${line + 1}: ${ts.SyntaxKind[node.kind]} is more than a type.`)
  })
  const javascript = withoutLines(erased, linesOfTypes(tree, erased))
  try {
    return await prettier.format(javascript, { ...REDWOOD_STYLE, parser: 'babel' })
  } catch (error) {
    throw new Error(`${name} is no TypeScript: ${error.message}`)
  }
}

/** Where statements and class members are that are gone, with the comments that belong to them. */
function linesOfTypes(tree, erased) {
  const ranges = []
  const visit = (node) => {
    const start = node.getStart(tree)
    const isGone = /^[\s;]*$/.test(erased.slice(start, node.end)) && node.end > start
    if (isGone && (ts.isStatement(node) || ts.isClassElement(node))) {
      ranges.push([startOfComments(tree.text, node.pos, start), endOfLine(tree.text, node.end)])
    } else {
      ts.forEachChild(node, visit)
    }
  }
  visit(tree)
  return ranges
}

/** Where the comments start that stand above a node, with no blank line in between. */
function startOfComments(text, pos, start) {
  for (const comment of (ts.getLeadingCommentRanges(text, pos) ?? []).reverse()) {
    if (/\n\s*\n/.test(text.slice(comment.end, start))) {
      break
    }
    start = comment.pos
  }
  return start
}

/** Where the line ends, its comments and its line break included. */
function endOfLine(text, end) {
  const last = (ts.getTrailingCommentRanges(text, end) ?? []).at(-1)
  const after = last?.end ?? end
  return text[after] === '\n' ? after + 1 : after
}

function withoutLines(text, ranges) {
  return ranges.reduceRight((rest, [start, end]) => rest.slice(0, start) + rest.slice(end), text)
}

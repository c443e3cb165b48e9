'use strict'

const acorn = require('acorn')

/** @typedef {(room: string, code: string) => string[]} Rule */

const core = new Set(['process', 'stdio', 'capture', 'blocking', 'ipc', 'runtime'])

/** The room that a Rust file belongs to: the first name below src/. @param {string} file as in 'src/sys/mod.rs' */
const roomOf = file => file.split('/')[1].replace(/\.rs$/, '')

/** Rust without what only looks like code: comments, strings, characters. @param {string} text */
function withoutText(text) {
  const textual =
    /\/\/.*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|[bc]?"(?:\\[\s\S]|[^"\\])*"|'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\])'/g
  return text.replaceAll(textual, '""')
}

/** Every room that is named as `crate::room`, or in the list of a `crate::{…}`. @param {string} code */
function roomsNamed(code) {
  const named = [...code.matchAll(/\bcrate::(\w+)/g)].map(match => match[1])
  for (const { index } of code.matchAll(/\bcrate::\{/g)) {
    let depth = 0
    for (const [token] of code.slice(index + 'crate::'.length).matchAll(/[{}]|\w+(?:::\w+)*/g)) {
      if (token === '{') depth += 1
      else if (token !== '}') named.push(...(depth === 1 ? [token.split('::')[0]] : []))
      else if ((depth -= 1) === 0) break
    }
  }
  return named
}

/** Which rooms a room may name beside itself. `lib.rs` lists them all and is none. */
function mayName(room, other) {
  if (room === other || room === 'binding') return true
  if (core.has(room)) return core.has(other) || other === 'sys'
  return room === 'node' && other === 'sys'
}

/** @type {Rule[]} what holds in src, each as complaints about a file */
const rustRules = [
  (room, code) =>
    (core.has(room) || room === 'sys') && /\bnapi/.test(code)
      ? ['names napi, which is for src/binding and src/node']
      : [],
  (room, code) =>
    room !== 'sys' && room !== 'node' && /\bunsafe\b|\ballow\(unsafe_code\b/.test(code)
      ? ['has `unsafe`, which is for src/sys and src/node']
      : [],
  (room, code) =>
    room !== 'sys' && /\btarget_(?:os|family|vendor)\b|\bcfg!?\((?:not\()?(?:unix|windows)\b/.test(code)
      ? ['chooses between systems, which is for src/sys']
      : [],
  (room, code) =>
    room !== 'sys' && /\bsys::(?:\{\s*)?(?:linux|unix|macos|windows)\b/.test(code)
      ? ['names a folder of a system in src/sys instead of what src/sys/mod.rs gives out']
      : [],
  (room, code) =>
    room === 'lib'
      ? []
      : roomsNamed(code)
          .filter(other => !mayName(room, other))
          .map(other => `names crate::${other}, which is not below src/${room}`)
]

/**
 * What is wrong with a Rust file.
 * @param {string} file its path, from src/ on
 * @param {string} text
 */
function rustFaults(file, text) {
  const code = withoutText(text)
  // The addon of the systems that are not supported is a `binding` of its own.
  const room = roomOf(file) === 'unsupported' ? 'binding' : roomOf(file)
  return rustRules.flatMap(rule => rule(room, code)).map(fault => `${file} ${fault}`)
}

const builtin = /^(?:node:)?child_process$|^internal\/|^(?:process_wrap|spawn_sync|pipe_wrap)$/
/** Functions that take the name only as a label, as in `NODE_DEBUG=child_process`. */
const labels = new Set(['debuglog', 'channel'])
const bindings = new Set(['binding', '_linkedBinding', 'internalBinding'])

const textOf = node => (node?.type === 'TemplateLiteral' ? node.quasis[0].value.cooked : node?.value)
const nameOf = callee => callee.property?.name ?? callee.name
const asksForBuiltin = node => typeof textOf(node) === 'string' && builtin.test(textOf(node))

function* nodesOf(node) {
  yield node
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') yield* nodesOf(child)
    }
  }
}

function faultOf(node) {
  const given = node.type === 'CallExpression' && !labels.has(nameOf(node.callee)) ? node.arguments : [node.source]
  const asked = given.find(argument => argument && asksForBuiltin(argument))
  if (asked) return `asks for ${textOf(asked)}`
  const read = node.type === 'MemberExpression' && node.object.name === 'process' ? nameOf(node) : undefined
  if (bindings.has(read)) return `reads process.${read}`
  return node.type === 'Identifier' && node.name === 'internalBinding' ? 'names internalBinding' : undefined
}

/**
 * What is wrong with a file of the package's JS.
 * @param {string} file
 * @param {string} text
 */
function jsFaults(file, text) {
  const sourceType = file.endsWith('.mjs') ? 'module' : 'commonjs'
  const tree = acorn.parse(text, { ecmaVersion: 'latest', sourceType, allowHashBang: true, locations: true })
  return [...nodesOf(tree)].flatMap(node => {
    const fault = faultOf(node)
    return fault === undefined ? [] : [`${file}:${node.loc.start.line} ${fault}; nothing is passed on to Node's own`]
  })
}

module.exports = { jsFaults, rustFaults }

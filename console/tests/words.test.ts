import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { messages, sections } from '../src/i18n'
import { messages as residentMessages } from '../src/resident/words'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const out = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') out.set(prefix + key, value)
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) out.set(inner, text)
  }
  return out
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? sources(path) : /\.(vue|ts)$/.test(name) ? [path] : []
  })
}

const zh = flat({ ...messages.zh, ...residentMessages.zh } as unknown as Tree)
const en = flat({ ...messages.en, ...residentMessages.en } as unknown as Tree)
const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe('words', () => {
  it('begins no tree twice', () => {
    const roots = Object.values(sections).flatMap((section) => Object.keys(section.zh))
    expect(roots.filter((root, index) => roots.indexOf(root) !== index)).toEqual([])
  })
  it('has every text in both languages', () => {
    expect([...zh.keys()].filter((key) => !en.has(key))).toEqual([])
    expect([...en.keys()].filter((key) => !zh.has(key))).toEqual([])
    expect([...zh, ...en].filter(([, text]) => text.trim() === '')).toEqual([])
  })
  it('uses the same values in both languages', () => {
    for (const [key, text] of zh) expect(placeholders(en.get(key) ?? ''), key).toEqual(placeholders(text))
  })
  it('leaves no Chinese in English except the example of a room', () => {
    const left = [...en].filter(([key, text]) => /[\u3400-\u9fff]/.test(text.replace('3栋1204', '')) && key !== 'people.languages.zh')
    expect(left).toEqual([])
  })
  it('shouts at nobody', () => {
    expect([...zh, ...en].filter(([, text]) => /[!！]/.test(text))).toEqual([])
  })
  it('has every key a screen asks for by name', () => {
    const missing: string[] = []
    for (const path of sources('src')) {
      const text = readFileSync(path, 'utf8')
      for (const match of text.matchAll(/\bt\('([\w.]+)'/g)) if (!zh.has(match[1])) missing.push(`${path}: ${match[1]}`)
    }
    expect(missing).toEqual([])
  })
  it('writes no text outside the words', () => {
    const loose = sources('src')
      .filter((path) => path.endsWith('.vue'))
      .filter((path) => /[\u4e00-\u9fff]/.test(readFileSync(path, 'utf8').replace(/'中文'|'中'|'缺'|周/g, '')))
    expect(loose).toEqual([])
  })
})

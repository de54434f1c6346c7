// Two districts of one company below one address, each with a core and an api of its own, and a proxy in front: the switch between
// them, who is signed in where, and the sums of both while one of them is gone.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, pageOpen, PROGRAM, programStart, until } from './house.mjs'

const PASSWORD = 'a-long-test-password'
const NAMES = { north: '城北', south: '城南' }
const KEYS = Object.keys(NAMES)
const folder = mkdtempSync(join(tmpdir(), 'meterworks-districts-'))
const dataOf = (key) => join(folder, key)
const list = join(folder, 'list')

let browser
let front
let address
let seen
const cores = {}
const apis = {}

/** The port in a line like "http  8080". */
const portOf = (line) => Number(line.split(/\s+/)[1])

/** Passes paths on as they come, as nginx would; 502 where nobody is. */
function frontStart() {
  front = createServer((asked, answer) => {
    const key = KEYS.find((one) => asked.url.startsWith(`/d/${one}/`)) ?? 'north'
    const onward = request({ host: '127.0.0.1', port: apis[key].port, method: asked.method, path: asked.url, headers: asked.headers }, (reply) => {
      answer.writeHead(reply.statusCode, reply.headers)
      reply.pipe(answer)
      reply.on('error', () => answer.destroy())
    })
    onward.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()))
    answer.on('close', () => onward.destroy())
    asked.pipe(onward)
  })
  return new Promise((resolve) => front.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${front.address().port}`)))
}

async function coreStart(key, number) {
  const data = dataOf(key)
  if (number > 0) {
    mkdirSync(data, { mode: 0o700 })
    copyFileSync(join(dataOf('north'), 'master.key'), join(data, 'master.key'))
  }
  spawnSync(PROGRAM, ['init', '--data', data, '--shard', String(number), '--shard-name', NAMES[key], '--tenant', '云榕水务', '--password-file', join(folder, 'password')])
  const nothing = ['--coap', 'off', '--coaps', 'off', '--lines', 'off']
  const program = programStart(PROGRAM, ['serve', '--data', data, '--http', '127.0.0.1:0', ...nothing, '--api-listen', '127.0.0.1:0'], 5)
  const lines = await program.lines
  cores[key] = { door: portOf(lines[4]), own: `http://127.0.0.1:${portOf(lines[0])}`, stop: program.stop }
}

async function apiStart(key) {
  const file = join(folder, `${key}.key`)
  writeFileSync(file, spawnSync(PROGRAM, ['api-key', '--data', dataOf(key), 'hall']).stdout, { mode: 0o600 })
  const program = programStart(PROGRAM, ['api', '--store', join(dataOf(key), 'meterworks.db'), '--core', `127.0.0.1:${cores[key].door}`, '--key', file,
    '--districts', list, '--district', key, '--http', '127.0.0.1:0'], 1)
  apis[key] = { port: portOf((await program.lines)[0]), stop: program.stop }
  await until(async () => (await (await fetch(`http://127.0.0.1:${apis[key].port}/api/v1/health`)).json()).core === 'linked')
}

async function signIn(key) {
  const { page } = seen
  await page.goto(`${address}/d/${key}/sign-in`)
  await page.fill('#login', 'admin')
  await page.fill('#password', PASSWORD)
  await page.click('button[type=submit]')
  await page.waitForURL((url) => url.pathname.startsWith(`/d/${key}/`) && !url.pathname.endsWith('/sign-in'))
  await page.waitForSelector('main h1')
}

const row = (key) => seen.page.locator(`[data-districts] [data-district="${key}"]`)
const rowIs = (key, state) => until(async () => (await row(key).getAttribute('data-state')) === state)

before(async () => {
  writeFileSync(join(folder, 'password'), `${PASSWORD}\n`)
  writeFileSync(list, KEYS.map((key) => `${key} ${NAMES[key]}\n`).join(''))
  for (const [number, key] of KEYS.entries()) await coreStart(key, number)
  await Promise.all(KEYS.map(apiStart))
  address = await frontStart()
  browser = await browserStart()
  seen = await pageOpen(browser, address)
})
after(async () => {
  await browser?.close()
  front?.closeAllConnections()
  front?.close()
  await Promise.all([...Object.values(apis), ...Object.values(cores)].map((program) => program.stop()))
  rmSync(folder, { recursive: true, force: true })
})

describe('districts below one address', () => {
  test('whoever comes to the root is led to one, and is signed in there alone', async () => {
    const { page } = seen
    await page.goto(`${address}/`)
    await page.waitForURL(`${address}/d/north/sign-in`)
    assert.match(await page.locator('[data-district-switch] button').innerText(), /城北/)
    await signIn('north')
    await page.waitForURL(`${address}/d/north/overview`)
    await rowIs('north', 'answered')
    await rowIs('south', 'signed_out')
    assert.match(await page.locator('[data-sum]').innerText(), /仅 1\/2 个分区, 未计: 城南/)
    assert.equal((await page.request.get(`${address}/d/south/api/v1/session`)).status(), 401)
  })

  test('the switch leads to the same page of the other, by keys alone', async () => {
    const { page } = seen
    await page.goto(`${address}/d/north/meters`)
    await page.waitForSelector('main h1')
    const button = page.locator('[data-district-switch] button')
    await button.focus()
    await page.keyboard.press('Enter')
    await until(() => page.evaluate(() => document.activeElement?.getAttribute('aria-current') === 'true'))
    await page.keyboard.press('Escape')
    assert.equal(await button.getAttribute('aria-expanded'), 'false')
    await page.keyboard.press('ArrowDown')
    await until(() => page.evaluate(() => document.activeElement?.getAttribute('aria-current') === 'true'))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname === '/d/south/sign-in')
    assert.equal(new URL(page.url()).searchParams.get('next'), '/meters')
    await signIn('south')
    await page.goto(`${address}/`) // where this browser was last
    await page.waitForURL(`${address}/d/south/overview`)
    await rowIs('north', 'answered')
    await rowIs('south', 'answered')
    assert.match(await page.locator('[data-sum]').innerText(), /合计 \(2 个分区\)/)
  })

  test('signing out of one leaves the other', async () => {
    const { page } = seen
    await page.goto(`${address}/d/south/overview`)
    await page.click('.top-bar [aria-label="退出登录"]')
    await page.waitForURL(`${address}/d/south/sign-in`)
    await page.goto(`${address}/d/north/overview`)
    await rowIs('north', 'answered')
    await rowIs('south', 'signed_out')
    await signIn('south')
  })

  test('one that is gone is named with its last answer, and is in no sum', async () => {
    const { page } = seen
    const session = await ask(page, `${address}/d/north`, '/session')
    const { items: [root] } = await ask(page, `${address}/d/north`, '/areas')
    const reply = await page.request.post(`${address}/d/north/api/v1/areas`, { headers: { 'X-CSRF-Token': session.csrf_token }, data: { parent_area_id: root.area_id, kind: 'estate', name: '榕荫花园' } })
    assert.equal(reply.status(), 201)
    await page.goto(`${address}/d/north/overview`)
    await rowIs('south', 'answered')
    await apis.south.stop()
    await page.reload()
    await rowIs('south', 'away')
    await rowIs('north', 'answered')
    assert.match(await row('south').innerText(), /没有应答; 上次应答 .*\d\d:\d\d/)
    assert.equal((await row('south').innerText()).match(/—/g).length, 5)
    assert.match(await page.locator('[data-sum]').innerText(), /未计: 城南/)
    await page.setViewportSize({ width: 375, height: 780 })
    const over = await page.locator('[data-districts] td, [data-districts] tfoot th').evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent))
    assert.deepEqual(over, [], 'words that leave their cells')
    await page.setViewportSize({ width: 1280, height: 800 })
    await apiStart('south')
    await page.reload()
    await rowIs('south', 'answered')
    assert.match(await page.locator('[data-sum]').innerText(), /合计 \(2 个分区\)/)
  })

  test('on a phone and in English the switch is there and nothing is cut off', async () => {
    const phone = await seen.context.newPage()
    await phone.addInitScript(() => localStorage.setItem('language', 'en'))
    await phone.setViewportSize({ width: 375, height: 780 })
    await phone.goto(`${address}/d/north/overview`)
    await phone.waitForSelector('[data-sum]')
    await phone.click('[data-district-switch] button')
    await phone.waitForSelector('[data-district-switch] nav')
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 375, `${wide} pixels wide`)
    assert.match(await phone.locator('[data-district-switch] nav').innerText(), /sign-in, people, rights/)
    await phone.locator('[data-district-switch] nav a').nth(1).click()
    await phone.waitForURL(`${address}/d/south/overview`)
    await phone.close()
  })

  test('a single one below its own address has only its name', async () => {
    const { errors, strangers } = seen
    const own = await pageOpen(browser, cores.south.own)
    await own.page.goto(`${cores.south.own}/sign-in`)
    await own.page.waitForSelector('[data-district-name]')
    assert.match(await own.page.locator('[data-district-name]').innerText(), /城南/)
    assert.equal(await own.page.locator('[data-district-switch]').count(), 0)
    await own.context.close()
    assert.deepEqual([errors.filter((error) => !/502/.test(error)), strangers], [[], []])
  })
})

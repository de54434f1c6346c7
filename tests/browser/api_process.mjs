// The console served by a process without a core of its own: signed in at one and at the other, changes made, lists read while
// the core is gone, and what the page says of that.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, pageOpen, PROGRAM, programStart, until } from './house.mjs'

const PASSWORD = 'a-long-test-password'
const folder = mkdtempSync(join(tmpdir(), 'meterworks-api-'))
const data = join(folder, 'data')

let browser
let core
let door
let apis = []
let seen

/** The port in a line like "http  8080". */
const portOf = (line) => Number(line.split(/\s+/)[1])

async function coreStart(port) {
  const nothing = ['--coap', 'off', '--coaps', 'off', '--lines', 'off']
  core = programStart(PROGRAM, ['serve', '--data', data, '--http', '127.0.0.1:0', ...nothing, '--api-listen', `127.0.0.1:${port}`], 5)
  door = portOf((await core.lines)[4])
}

async function apiStart(name) {
  const key = join(folder, `${name}.key`)
  writeFileSync(key, spawnSync(PROGRAM, ['api-key', '--data', data, name]).stdout, { mode: 0o600 })
  const program = programStart(PROGRAM, ['api', '--store', join(data, 'meterworks.db'), '--core', `127.0.0.1:${door}`, '--key', key, '--http', '127.0.0.1:0'], 1)
  const address = `http://127.0.0.1:${portOf((await program.lines)[0])}`
  await until(async () => (await (await fetch(`${address}/api/v1/health`)).json()).core === 'linked')
  return { address, stop: program.stop }
}

before(async () => {
  writeFileSync(join(folder, 'password'), `${PASSWORD}\n`)
  spawnSync(PROGRAM, ['init', '--data', data, '--tenant', '云榕水务', '--password-file', join(folder, 'password')])
  await coreStart(0)
  apis = await Promise.all([apiStart('hall'), apiStart('annex')])
  browser = await browserStart()
  seen = await pageOpen(browser, apis[0].address)
})
after(async () => {
  await browser?.close()
  await Promise.all(apis.map((api) => api.stop()))
  await core?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A change as the console asks for it, with the page's own session. */
async function areaAdd(name) {
  const { page } = seen
  const [session, { items: [root] }] = [await ask(page, apis[0].address, '/session'), await ask(page, apis[0].address, '/areas')]
  const reply = await page.request.post(`${apis[0].address}/api/v1/areas`, {
    headers: { 'X-CSRF-Token': session.csrf_token }, data: { parent_area_id: root.area_id, kind: 'estate', name } })
  return reply.status()
}

describe('a console without a core of its own', () => {
  test('is signed in to by its form, and its pages stand', async () => {
    const { page, errors, strangers } = seen
    await page.goto(`${apis[0].address}/sign-in`)
    await page.fill('#login', 'admin')
    await page.fill('#password', PASSWORD)
    await page.click('button[type=submit]')
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    for (const path of ['/', '/meters', '/customers', '/settings', '/tariffs', '/events']) {
      await page.goto(apis[0].address + path)
      await page.waitForSelector('main h1')
    }
    assert.equal(await areaAdd('榕荫花园'), 201)
    assert.deepEqual([errors, strangers], [[], []])
  })

  test('is the same at another one, without signing in again', async () => {
    const { page } = seen // a cookie is a host's, whatever the port
    await page.goto(`${apis[1].address}/settings`)
    await page.waitForSelector('main h1')
    const names = (await ask(page, apis[1].address, '/areas')).items.map((area) => area.name)
    assert.ok(names.includes('榕荫花园'))
  })

  test('says so while the core is gone, reads on, and goes on by itself', async () => {
    const { page } = seen
    await page.goto(`${apis[0].address}/settings`)
    await page.waitForSelector('main h1')
    assert.equal(await page.locator('[data-no-core]').count(), 0)
    await core.stop()
    await page.waitForSelector('[data-no-core]')
    assert.equal(await areaAdd('榕荫花园二期'), 503)
    await page.goto(`${apis[0].address}/meters`)
    await page.waitForSelector('main h1')
    await page.waitForSelector('[data-no-core]')
    await coreStart(door)
    await page.waitForSelector('[data-no-core]', { state: 'detached' })
    assert.equal(await areaAdd('榕荫花园二期'), 201)
  })
})

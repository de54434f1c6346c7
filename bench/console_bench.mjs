// Measures of the console against the demonstration, printed with the machine and never asserted:
// first reading, payment, page loads, transfer, search, stale pill. `make bench-ui`.
import { cpus } from 'node:os'
import { ask, browserStart, demoStart, enterAs, holds, pageOpen, speedSet } from '../tests/browser/house.mjs'

const METERS = Number(process.env.METERS ?? 10000)
const ROUNDS = 5

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const share95 = (values) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * 0.95))]

function say(name, value, bound) {
  process.stdout.write(`${name.padEnd(52)} ${String(value).padStart(12)}   bound ${bound}\n`)
}

async function firstReading(browser, address) {
  const { context, page } = await pageOpen(browser, address)
  await page.goto(`${address}/sign-in`)
  await page.waitForSelector('[data-role=administrator]')
  const start = Date.now()
  await page.click('[data-role=administrator]')
  await page.waitForSelector('.first-reading', { timeout: 120000 })
  const took = Date.now() - start
  await context.close()
  return took
}

async function payment(browser, address) {
  const { context, page } = await pageOpen(browser, address)
  await enterAs(page, address, 'clerk')
  const { items } = await ask(page, address, '/accounts?payment_mode=prepaid_platform&limit=20')
  const start = Date.now()
  await page.keyboard.type(items[0].meter_number)
  await page.waitForSelector('[role=option]')
  await page.keyboard.press('Enter')
  await holds(page, () => document.activeElement?.id === 'amount')
  await page.keyboard.type('50')
  await page.waitForSelector('.effect')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.done')
  const took = Date.now() - start
  await context.close()
  return took
}

async function loads(browser, address) {
  const { context, page } = await pageOpen(browser, address)
  await enterAs(page, address, 'administrator')
  const out = {}
  for (const path of ['/overview', '/board', '/meters', '/customers', '/bills', '/commands', '/events', '/arrears']) {
    const times = []
    for (let round = 0; round < ROUNDS; round++) {
      const start = Date.now()
      await page.goto(address + path)
      await page.waitForSelector('main h1')
      await holds(page, () => document.querySelector('.skeleton, [aria-busy=true]') === null)
      times.push(Date.now() - start)
    }
    out[path] = median(times)
  }
  await context.close()
  return out
}

async function transfer(browser, address) {
  const { context, page } = await pageOpen(browser, address)
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  const sizes = new Map()
  const names = new Map()
  session.on('Network.responseReceived', (event) => names.set(event.requestId, event.response.url))
  session.on('Network.loadingFinished', (event) => sizes.set(names.get(event.requestId) ?? '', event.encodedDataLength))
  await enterAs(page, address, 'operator')
  await page.waitForSelector('canvas, .tiles')
  const first = [...sizes].filter(([url]) => /\/assets\/|\/$|sign-in/.test(url)).reduce((sum, [, size]) => sum + size, 0)
  sizes.clear()
  await page.goto(`${address}/overview`)
  await page.waitForSelector('.chart canvas')
  const charts = [...sizes].filter(([url]) => url.includes('/charts-')).reduce((sum, [, size]) => sum + size, 0)
  await context.close()
  return { first, charts }
}

async function searches(browser, address) {
  const { context, page } = await pageOpen(browser, address)
  await enterAs(page, address, 'administrator')
  const { items } = await ask(page, address, '/devices?limit=100')
  const exact = []
  for (const device of items) {
    const start = Date.now()
    await ask(page, address, `/search?query=${device.meter_number.slice(-6)}`)
    exact.push(Date.now() - start)
  }
  const fuzzy = []
  for (const word of ['cjy', 'lzy', 'wj', 'zw', 'hxl', 'ljg', '陈', '王', '李', '3栋1204']) {
    const start = Date.now()
    await ask(page, address, `/search?query=${encodeURIComponent(word)}`)
    fuzzy.push(Date.now() - start)
  }
  await context.close()
  return { exact: share95(exact), fuzzy: share95(fuzzy) }
}

async function stale(browser, demo) {
  const { address } = demo
  const { context, page } = await pageOpen(browser, address)
  await enterAs(page, address, 'administrator')
  await page.waitForSelector('[data-state=live]')
  demo.kill('SIGSTOP')
  const cut = Date.now()
  await page.waitForSelector('[data-state=stale]')
  const told = Date.now() - cut
  demo.kill('SIGCONT')
  const back = Date.now()
  await page.waitForSelector('[data-state=live]')
  const healed = Date.now() - back
  await context.close()
  return { told, healed }
}

const demo = await demoStart({ meters: METERS, days: 30 })
const browser = await browserStart()
try {
  process.stdout.write(`${cpus().length} x ${cpus()[0].model}, ${METERS} meters, ${browser.version()}\n`)
  const { context, page } = await pageOpen(browser, demo.address)
  await enterAs(page, demo.address, 'administrator')
  await speedSet(page, demo.address, 60)
  say('U1 first reading after sign-in, ms', await firstReading(browser, demo.address), '10000')
  const paid = []
  for (let round = 0; round < ROUNDS; round++) paid.push(await payment(browser, demo.address))
  say('U2 cash payment by script, ms (3 actions)', median(paid), '15000')
  for (const [path, took] of Object.entries(await loads(browser, demo.address))) say(`U4 ${path} drawn, ms`, took, path === '/board' ? '1500 (U7)' : '2500')
  const bytes = await transfer(browser, demo.address)
  say('U5 first load with the board, bytes compressed', bytes.first, '460800')
  say('U5 charts, bytes compressed', bytes.charts, '358400')
  const found = await searches(browser, demo.address)
  say('U9 search by digits, p95 ms', found.exact, '300')
  say('U9 search by words, p95 ms', found.fuzzy, '1000')
  const silence = await stale(browser, demo)
  say('U20 silence told after, ms', silence.told, '5000')
  say('U20 healed after, ms', silence.healed, '-')
  await context.close()
} finally {
  await browser.close()
  await demo.stop()
}

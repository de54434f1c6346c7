// Measures the console in Chromium against the demonstration and prints one line a measure: its
// number, what it is, the bound it should keep, what was measured, ok or OVER. Nothing is asserted
// here; what must be right rather than fast is asserted by tests/browser.
//
// usage: node bench/console_bench.mjs [--rounds N] [--meters N] [MEASURE...]
//        node bench/console_bench.mjs --data FOLDER [--rounds N] [U7 U8 U9]
//        node bench/console_bench.mjs --server http://ADDR:PORT --password FILE [--rounds N] [U7 U8 U9]
// The second measures an installation that is there (bench/query_bench.py --keep leaves one: FOLDER/data and FOLDER/password), the third
// a server that runs already, entered as its first administrator: nothing is changed in it.
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { ask, browserStart, demoStart, enterAs, holds, pageOpen, PROGRAM, programStart, speedSet, until } from '../tests/browser/house.mjs'
import { chartOptions, closeAsk, go, screenPaths, settled, silentMeterAdd, usageReplace, violations, wordsMissing, wordsStretch, wordsWatch } from '../tests/browser/screens.mjs'

const SCREENS = ['/overview', '/board', '/meters', 'meter', '/usage', '/completeness', '/commands', '/cash-desk', '/customers', '/bills', '/arrears', '/settlement', '/ledger', '/events']
const SEARCHES_OF_A_KIND = 40
const SEARCH_PAGES = 10
const PINYIN = {
  王: 'w', 李: 'l', 张: 'z', 刘: 'l', 陈: 'c', 杨: 'y', 黄: 'h', 赵: 'z', 吴: 'w', 周: 'z', 徐: 'x', 孙: 's', 马: 'm', 朱: 'z', 胡: 'h', 郭: 'g', 何: 'h', 高: 'g', 林: 'l', 罗: 'l',
  佳: 'j', 子: 'z', 志: 'z', 文: 'w', 雨: 'y', 浩: 'h', 欣: 'x', 梓: 'z', 思: 's', 俊: 'j', 晓: 'x', 宇: 'y', 诗: 's', 嘉: 'j', 若: 'r', 天: 't',
  怡: 'y', 轩: 'x', 远: 'y', 博: 'b', 涵: 'h', 然: 'r', 琪: 'q', 豪: 'h', 彤: 't', 杰: 'j', 妍: 'y', 航: 'h', 琳: 'l', 宁: 'n', 辰: 'c', 悦: 'y',
}

const options = { rounds: 5, meters: 10000, data: '', server: '', password: '', only: [] }
let demo
let browser
const strangers = []

function optionsRead(words) {
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === '--rounds' || words[at] === '--meters') options[words[at].slice(2)] = Number(words[(at += 1)])
    else if (['--data', '--server', '--password'].includes(words[at])) options[words[at].slice(2)] = words[(at += 1)]
    else options.only.push(words[at].toUpperCase())
  }
}

/** A house of somebody's own, not the demonstration. */
const isTheirs = () => options.data !== '' || options.server !== ''

function line(id, goal, bound, measured, ok) {
  console.log(`${id.padEnd(4)} ${goal.padEnd(58)} ${bound.padEnd(12)} ${String(measured).padEnd(34)} ${ok ? 'ok' : 'OVER'}`)
}

/** At most the limit is ok. */
function atMost(id, goal, limit, unit, measured, note = '', digits = 0) {
  line(id, goal, `<= ${limit} ${unit}`.trim(), `${measured.toFixed(digits)} ${unit} ${note}`.trim(), measured <= limit)
}

function none(id, goal, found) {
  line(id, goal, '0', found.length, found.length === 0)
  for (const one of found.slice(0, 10)) console.log(`       ${one}`)
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)]
}

const median = (values) => quantile(values, 0.5)

async function rounds(work) {
  const values = []
  for (let round = 0; round < options.rounds; round += 1) values.push(await work())
  return values
}

/** Does the work on a page of its own, signed in unless role is null; requests elsewhere are kept for U6. */
async function withPage(role, work, settings = {}) {
  const opened = await pageOpen(browser, demo.address, settings)
  try {
    if (role !== null) await enter(opened.page, role)
    return await work(opened.page, opened.context)
  } finally {
    strangers.push(...opened.strangers)
    await opened.context.close()
  }
}

/** By the button of a demonstration; into an installation as its first administrator. */
async function enter(page, role) {
  if (!isTheirs()) return enterAs(page, demo.address, role)
  const password = readFileSync(options.password || `${options.data}/password`, 'utf8').trim()
  const reply = await page.request.post(`${demo.address}/api/v1/session`, { data: { login: 'admin', password } })
  if (!reply.ok()) throw new Error(`signing in: ${reply.status()} ${await reply.text()}`)
  await page.goto(demo.address)
  await page.waitForSelector('main h1')
}

async function firstReading() {
  const seconds = await rounds(() => withPage(null, async (page) => {
    await page.goto(`${demo.address}/sign-in`)
    await page.waitForSelector('[data-role=administrator]')
    const start = performance.now()
    await page.click('[data-role=administrator]')
    await page.waitForSelector('.first-reading', { timeout: 60000 })
    return (performance.now() - start) / 1000
  }))
  atMost('U1', 'first reading with its time visible after login', 10, 's', median(seconds), `(worst ${Math.max(...seconds).toFixed(1)})`, 1)
}

async function cashPayment() {
  await withPage('clerk', async (page) => {
    let posts = 0
    page.on('request', (request) => (posts += Number(request.method() === 'POST' && request.url().endsWith('/payments'))))
    await holds(page, () => document.activeElement?.id === 'find')
    const start = performance.now()
    await page.keyboard.type('cjy')
    await page.keyboard.press('Enter')
    await holds(page, () => document.activeElement?.id === 'amount')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('100')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.done')
    atMost('U2', 'cash payment in three actions, initials to receipt', 15, 's', (performance.now() - start) / 1000, '', 1)
    line('U2', 'postings after a double Enter', '= 1', posts, posts === 1)
  })
}

/** Notes paint, shift and interaction times of every page of the context from its start. */
async function vitalsWatch(context) {
  await context.addInitScript(() => {
    window.vitals = { lcp: 0, cls: 0, inp: 0 }
    const watch = (type, note, more = {}) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more })
    watch('largest-contentful-paint', (entry) => (window.vitals.lcp = entry.startTime))
    watch('layout-shift', (entry) => (window.vitals.cls += entry.hadRecentInput ? 0 : entry.value))
    watch('event', (entry) => (window.vitals.inp = Math.max(window.vitals.inp, entry.interactionId ? entry.duration : 0)), { durationThreshold: 16 })
  })
}

async function vitalsOf(page, path) {
  await page.goto(demo.address + path)
  await settled(page)
  await page.keyboard.press('Control+k')
  await holds(page, () => document.activeElement?.getAttribute('role') === 'combobox')
  await page.keyboard.type('12')
  await page.keyboard.press('Escape')
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))))
  return page.evaluate(() => window.vitals)
}

async function pageLoad() {
  await withPage('administrator', async (page, context) => {
    await vitalsWatch(context)
    const { items } = await ask(page, demo.address, '/devices?limit=20')
    const worst = { lcp: [0, ''], inp: [0, ''], cls: [0, ''] }
    for (const screen of SCREENS) {
      const path = screen === 'meter' ? `/meters/${items[0].device_id}` : screen
      const seen = await rounds(() => vitalsOf(page, path))
      for (const key of Object.keys(worst)) {
        const value = median(seen.map((vitals) => vitals[key]))
        if (value > worst[key][0]) worst[key] = [value, screen]
      }
    }
    atMost('U4', `largest paint, worst of ${SCREENS.length} screens`, 2500, 'ms', worst.lcp[0], worst.lcp[1])
    atMost('U4', 'interaction to next paint, worst', 200, 'ms', worst.inp[0], worst.inp[1])
    atMost('U4', 'layout shift, worst', 0.1, '', worst.cls[0], worst.cls[1], 3)
  })
}

/** Sizes as they crossed the wire, by address; the live stream has no end and is left out. */
async function transferWatch(page, context) {
  const session = await context.newCDPSession(page)
  const addresses = new Map()
  const sizes = new Map()
  const mutable = []
  await session.send('Network.enable')
  session.on('Network.responseReceived', ({ requestId, response }) => {
    addresses.set(requestId, new URL(response.url).pathname)
    const caching = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'cache-control')?.[1] ?? ''
    if (/\/assets\//.test(response.url) && !caching.includes('immutable')) mutable.push(response.url)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (addresses.has(requestId) && !sizes.has(addresses.get(requestId))) sizes.set(addresses.get(requestId), encodedDataLength)
  })
  return { sizes, mutable }
}

async function transfer() {
  await withPage(null, async (page, context) => {
    const seen = await transferWatch(page, context)
    await enterAs(page, demo.address, 'administrator')
    await settled(page)
    await page.waitForSelector('.chart canvas')
    const isChart = (path) => /\/(charts|chart|usage)-/.test(path)
    const first = [...seen.sizes].filter(([path]) => !isChart(path)).reduce((sum, [, size]) => sum + size, 0)
    const known = new Set([...seen.sizes.keys()].filter((path) => !isChart(path)))
    for (const path of await screenPaths(page, demo.address)) await go(page, path)
    const lazy = [...seen.sizes].filter(([path]) => path.includes('/assets/') && !known.has(path)).sort((a, b) => b[1] - a[1])
    atMost('U5', 'first load to the overview, compressed, before charts', 450, 'KB', first / 1024)
    atMost('U5', `largest of ${lazy.length} lazy parts`, 350, 'KB', lazy[0][1] / 1024, lazy[0][0].split('/').pop())
    none('U5', 'built files not cached for ever', seen.mutable)
  })
}

async function boardOpen(page, path) {
  await page.goto(demo.address + path)
  await page.waitForSelector('[data-count]')
  const first = await page.evaluate(() => window.countsShownMs)
  await settled(page)
  return first
}

/** A status event as the server would send it: how long until the count that it changes is painted. */
async function updateTime(page, cell, round) {
  await page.waitForTimeout(600)
  return page.evaluate(([id, status]) => new Promise((resolve) => {
    const start = performance.now()
    new MutationObserver((_, observer) => {
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start), 0))
    }).observe(document.querySelector('.counts'), { characterData: true, subtree: true, childList: true })
    window.liveStream.dispatchEvent(new MessageEvent('device', { data: JSON.stringify({ device_id: id, status }) }))
  }), [cell[0], round % 2 === 0 ? (cell[1] === 0 ? 8 : 0) : cell[1]])
}

async function boardWatch(context) {
  await context.addInitScript(() => {
    window.EventSource = class extends window.EventSource {
      constructor(...words) {
        super(...words)
        window.liveStream = this
      }
    }
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-count]')) return
      observer.disconnect()
      requestAnimationFrame(() => (window.countsShownMs = performance.now()))
    }).observe(document, { childList: true, subtree: true })
  })
}

async function statusBoard() {
  await withPage('administrator', async (page, context) => {
    await boardWatch(context)
    if (!isTheirs()) await speedSet(page, demo.address, 0)
    const board = await ask(page, demo.address, '/board')
    const areas = (await ask(page, demo.address, '/areas')).items.filter((area) => area.devices > 0 && area.devices <= 5000)
    const largest = areas.reduce((one, other) => (other.devices > one.devices ? other : one))
    const tiles = await rounds(() => boardOpen(page, '/board'))
    atMost('U7', `board of ${board.counts.total} meters, first paint`, board.counts.total >= 1000000 ? 2000 : 1500, 'ms', median(tiles), board.tiles ? `in ${board.buildings.length} tiles` : 'in cells')
    const session = await context.newCDPSession(page)
    await session.send('HeapProfiler.collectGarbage')
    atMost('U7', 'heap with that board open', 200, 'MB', (await session.send('Runtime.getHeapUsage')).usedSize / 1048576)
    const cells = await rounds(() => boardOpen(page, `/board?area=${largest.area_id}`))
    atMost('U7', `board of an area of ${largest.devices} meters, first paint`, 1500, 'ms', median(cells), 'in cells')
    const { buildings } = await ask(page, demo.address, `/board?area_id=${largest.area_id}`)
    const cell = buildings.find((building) => building.cells?.length > 0).cells[0]
    let round = 0
    atMost('U7', 'event to the changed count painted', 250, 'ms', median(await rounds(() => updateTime(page, cell, round++))))
  })
}

/** Does something on a page that shows a list, until other rows are painted. */
async function rowsChange(page, work) {
  const before = await page.locator('tbody').innerText()
  const start = performance.now()
  await work()
  await holds(page, (text) => {
    const body = document.querySelector('tbody')
    return document.querySelector('[aria-busy=true]') === null && (body?.innerText ?? '') !== text // nothing found: no rows at all
  }, before)
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))))
  return performance.now() - start
}

async function tableOfAll() {
  await withPage('administrator', async (page) => {
    const { counts } = await ask(page, demo.address, '/board')
    const { items } = await ask(page, demo.address, `/devices?limit=20&cursor=${Math.floor(counts.total * 0.8)}`)
    const times = { page: [], filter: [] }
    for (let round = 0; round < options.rounds; round += 1) {
      await page.goto(`${demo.address}/meters`)
      await page.waitForSelector('tbody tr')
      for (let turn = 0; turn < 3; turn += 1) times.page.push(await rowsChange(page, () => page.locator('.pager button').last().click()))
      times.filter.push(await rowsChange(page, () => page.locator('.segments button').nth(2).click()))
      await page.goto(`${demo.address}/meters`)
      await page.waitForSelector('tbody tr')
      times.filter.push(await rowsChange(page, () => page.locator('main input[type=search]').fill(items[round % items.length].meter_number.slice(-5))))
    }
    atMost('U8', `table of ${counts.total} meters, next page, worst of ${times.page.length}`, 1000, 'ms', Math.max(...times.page))
    atMost('U8', `filter by state and by a piece of a number, worst of ${times.filter.length}`, 2000, 'ms', Math.max(...times.filter))
    atMost('U8', 'rows on the page', 200, '', await page.locator('tbody tr').count())
  })
}

/** Rows from everywhere in a list. */
async function spread(page, path, total) {
  const rows = []
  for (let part = 0; part < SEARCH_PAGES; part += 1) rows.push(...(await ask(page, demo.address, `${path}?limit=20&cursor=${Math.floor((total * part) / SEARCH_PAGES)}`)).items.slice(0, 10))
  return rows
}

/** Two hundred things people type: numbers, their ends, names, initials. */
async function queriesMake(page) {
  const { counts } = await ask(page, demo.address, '/board')
  const devices = await spread(page, '/devices', counts.total)
  const customers = await spread(page, '/customers', counts.total)
  const some = (list) => [...new Set(list)].slice(0, SEARCHES_OF_A_KIND)
  const initials = customers.map((customer) => [...customer.name].map((sign) => PINYIN[sign] ?? '').join('')).filter((text) => text.length >= 2)
  return {
    exact: [...some(devices.map((device) => device.meter_number)), ...some(customers.map((customer) => customer.number))],
    fuzzy: [...some(initials), ...some(customers.map((customer) => customer.name)), ...some(devices.map((device) => device.meter_number.slice(-4)))],
  }
}

async function searchTimes(page, queries) {
  return page.evaluate(async (texts) => {
    const times = []
    for (const text of texts) {
      const start = performance.now()
      const reply = await fetch(`/api/v1/search?query=${encodeURIComponent(text)}`)
      const found = await reply.json()
      times.push({ ms: performance.now() - start, found: found.groups?.length ?? 0 })
    }
    return times
  }, queries)
}

async function searchAnything() {
  await withPage('administrator', async (page) => {
    const queries = await queriesMake(page)
    for (const [kind, limit] of [['exact', 300], ['fuzzy', 1000]]) {
      const times = await searchTimes(page, queries[kind])
      const empty = times.filter((time) => time.found === 0).length
      atMost('U9', `search anything, ${kind}, p95 of ${times.length} queries`, limit, 'ms', quantile(times.map((time) => time.ms), 0.95), `(${empty} found nothing)`)
    }
  })
}

async function accessibility() {
  const found = []
  let screens = 0
  for (const [language, theme] of [['zh', 'light'], ['en', 'dark']]) {
    await withPage('administrator', async (page) => {
      for (const path of await screenPaths(page, demo.address)) {
        await go(page, path)
        screens += 1
        for (const problem of await violations(page)) found.push(`${language} ${theme} ${path} ${problem}`)
      }
    }, { language, theme, bypassCSP: true })
  }
  none('U10', `accessibility violations, ${screens} screens, two languages and themes`, found)
}

async function truthfulness() {
  await withPage('administrator', async (page) => {
    await speedSet(page, demo.address, 1)
    const device = await silentMeterAdd(page, demo.address, 2)
    const command = await closeAsk(page, demo.address, device, 21600)
    await page.goto(`${demo.address}/meters/${device}?tab=commands`)
    const state = page.locator('tbody .command-state')
    await state.waitFor()
    const shown = [await state.innerText()]
    await speedSet(page, demo.address, 4320)
    await until(async () => {
      const text = await state.innerText()
      if (text !== shown.at(-1)) shown.push(text)
      return (await ask(page, demo.address, `/commands/${command}`)).state === 'expired' && /Expired/.test(text)
    })
    line('U13', 'close a valve that never answers: states shown', 'no verified', shown.map((text) => text.replace(/\s+/g, ' ').trim()).join(' > '), !shown.some((text) => /Verified|✔/.test(text)))
  }, { language: 'en' })
}

async function missingData() {
  await withPage('administrator', async (page) => {
    const { items } = await ask(page, demo.address, '/devices?limit=20')
    await usageReplace(page)
    await page.goto(`${demo.address}/meters/${items[0].device_id}?tab=usage`)
    const [option] = await chartOptions(page)
    await page.locator('.segments button').last().click()
    const rows = await page.locator('tbody tr').allInnerTexts()
    const wrong = option.series[0].data.filter((bar, index) => (bar.value === null) !== /missing/.test(rows[index]) || (bar.itemStyle.decal !== undefined) !== /Estimate/.test(rows[index]))
    line('U14', 'bars that differ from their table: gap blank, estimate hatched', '0', `${wrong.length} of ${rows.length}`, wrong.length === 0 && rows.length === option.series[0].data.length)
  }, { language: 'en' })
}

/** Words cut off by their own box, and a page wider than its window. */
async function overflow(page) {
  return page.evaluate(() => {
    const found = []
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth) found.push('the page')
    for (const element of document.querySelectorAll('button, label, th, h1, h2, dt, .card p, .tag')) {
      const box = element.closest('.card, .el-drawer, header') ?? document.body
      const inside = element.closest('.table-wrap') !== null || element.getBoundingClientRect().right <= box.getBoundingClientRect().right + 1
      if (!inside || (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === 'visible' && element.clientWidth > 0 && getComputedStyle(element).display !== 'inline')) found.push(`${element.tagName.toLowerCase()} "${element.innerText.slice(0, 30)}"`)
    }
    return [...new Set(found)]
  })
}

async function languages() {
  const missing = []
  const over = []
  for (const language of ['zh', 'en']) {
    await withPage('administrator', async (page) => {
      await wordsWatch(page)
      if (language === 'en') await wordsStretch(page)
      for (const path of await screenPaths(page, demo.address)) {
        await go(page, path)
        if (language === 'en') over.push(...(await overflow(page)).map((what) => `${path}: ${what}`))
      }
      missing.push(...(await wordsMissing(page)))
    }, { language })
  }
  none('U19', 'words asked for and not found, both languages', missing)
  none('U19', 'overflow with every word 60 % longer', over)
}

async function staleness() {
  await withPage('administrator', async (page) => {
    await page.waitForSelector('[data-state=live]')
    await page.evaluate(() => (window.sameDocument = true))
    const cut = performance.now()
    demo.kill('SIGSTOP')
    await page.waitForSelector('[data-state=stale]', { timeout: 20000 }).finally(() => demo.kill('SIGCONT'))
    atMost('U20', 'live stream cut, until the pill says so', 5, 's', (performance.now() - cut) / 1000, '', 1)
    const healed = performance.now()
    await page.waitForSelector('[data-state=live]', { timeout: 30000 })
    const same = await page.evaluate(() => window.sameDocument === true)
    atMost('U20', 'connection back, until live again', 5, 's', (performance.now() - healed) / 1000, same ? 'without reload' : 'AFTER RELOAD', 1)
  })
}

const MEASURES = [
  ['U1', firstReading], ['U2', cashPayment], ['U4', pageLoad], ['U5', transfer], ['U7', statusBoard], ['U8', tableOfAll], ['U9', searchAnything], ['U10', accessibility],
  ['U13', truthfulness], ['U14', missingData], ['U19', languages], ['U20', staleness], ['U6', async () => none('U6', 'requests to another host during all of the above', strangers)],
]

const OF_AN_INSTALLATION = ['U7', 'U8', 'U9', 'U6']

async function installationStart() {
  const program = programStart(PROGRAM, ['serve', '--data', `${options.data}/data`, ...['http', 'coap', 'coaps', 'lines'].flatMap((name) => [`--${name}`, '127.0.0.1:0'])], 4)
  const http = (await program.lines).find((text) => text.startsWith('http '))
  return { address: `http://127.0.0.1:${http.split(/\s+/)[1]}`, stop: program.stop }
}

async function houseOpen() {
  if (options.server !== '') return { address: options.server, stop: () => {} }
  return options.data !== '' ? installationStart() : demoStart({ meters: options.meters, days: 35, speed: 60, seed: 7, limitMs: 600000 })
}

async function run() {
  const model = /model name\s*:\s*(.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown'
  console.log(`machine: ${model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}; Node.js ${process.version}`)
  const start = performance.now()
  demo = await houseOpen()
  browser = await browserStart()
  console.log(`${isTheirs() ? `house:   ${options.server || options.data}` : `demo:    ${options.meters} meters, seed 7, 35 days`}, ready after ${((performance.now() - start) / 1000).toFixed(0)} s; Chromium ${browser.version()}; median of ${options.rounds}\n`)
  for (const [id, measure] of MEASURES) {
    if (options.only.length > 0 ? !options.only.includes(id) : isTheirs() && !OF_AN_INSTALLATION.includes(id)) continue
    try {
      // Readings come by night: only their measure wants a day in twenty seconds.
      if (!isTheirs()) await withPage('administrator', (page) => speedSet(page, demo.address, id === 'U1' ? 4320 : 60))
      await measure()
    } catch (problem) {
      line(id, measure.name, '', `not measured: ${String(problem.message).split('\n')[0]}`, false)
    }
  }
}

optionsRead(process.argv.slice(2))
try {
  await run()
} finally {
  await browser?.close()
  await demo?.stop()
}

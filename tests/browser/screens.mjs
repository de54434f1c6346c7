// What every walk through the console needs: the list of its screens, going from one to the next
// inside the application, and a look behind a screen (accessibility, missing words, chart options).
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { ask, holds } from './house.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const WIRED_TABS = ['registers', 'archive', 'frames']
const LINE_TABS = ['archive', 'events', 'frames']
const METER_TABS = ['readings', 'usage', 'intervals', 'completeness', 'commands', 'events', 'network', 'account', 'archive', 'frames']

/** The paths of all screens; those of one object show the first of its kind. */
export async function screenPaths(page, address) {
  const [devices, accounts, bills, tariffs] = await Promise.all(['/devices?limit=20', '/accounts?limit=20', '/bills?limit=20', '/tariffs?limit=20'].map((path) => ask(page, address, path)))
  const meter = devices.items[0].device_id
  const [lines, wired, zones] = await Promise.all(['/concentrators?limit=1', '/devices?kind=electricity&limit=1', '/balance-zones?limit=1'].map((path) => ask(page, address, path)))
  const line = lines.items[0].device_id
  const task = await readAsk(page, address, wired.items[0].device_id)
  return [
    '/overview', '/board', '/board?view=list', '/meters', `/meters/${meter}`, ...METER_TABS.map((tab) => `/meters/${meter}?tab=${tab}`),
    ...['', ...WIRED_TABS.map((tab) => `?tab=${tab}`)].map((tab) => `/meters/${wired.items[0].device_id}${tab}`),
    '/concentrators', `/concentrators/${line}`, ...LINE_TABS.map((tab) => `/concentrators/${line}?tab=${tab}`), '/topology', '/tasks', `/tasks/${task}`, '/plans',
    `/loss?zone=${zones.items[0].balance_zone_id}`, '/reports', '/reports?every=hour&kind=electricity', '/reports?view=current', '/reports?view=daily',
    '/usage', '/completeness', '/commands', '/explainer', '/set-aside', '/cash-desk', '/shifts', '/shifts?tab=undos', '/shifts?tab=deposits', '/bank', '/bank?tab=suspense', '/customers', `/customers/${accounts.items[0].customer_id}`,
    `/accounts/${accounts.items[0].account_id}`, '/tariffs', `/tariffs/${tariffs.items[0].tariff_id}`, '/settlement', '/bills', '/payments', '/refunds', '/suspense', '/groups', '/arrears',
    '/ledger', '/events', '/notices', '/places', '/profiles', '/profiles/dlt645-2007-single-phase-prepaid', '/people', '/settings', '/audit', '/health', '/nowhere',
    ...(bills.items.length > 0 ? [`/bills/${bills.items[0].bill_id}`] : []),
  ]
}

/** POST with the page's own session. */
export async function tellServer(page, address, path, data = {}) {
  const session = await ask(page, address, '/session')
  const reply = await page.request.post(`${address}/api/v1${path}`, { headers: { 'X-CSRF-Token': session.csrf_token }, data })
  if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`)
  return reply.json()
}

/** Asks for one meter to be read now; the number of its task. */
export async function readAsk(page, address, deviceId) {
  return (await tellServer(page, address, `/devices/${deviceId}/read`)).task_id
}

/** The page has drawn its heading and nothing on it is still being fetched. */
export async function settled(page) {
  await page.waitForSelector('main h1')
  await holds(page, () => document.querySelector('.skeleton, [aria-busy=true]') === null)
}

/** Moves inside the application, as a click on a link does, without fetching it again. */
export async function go(page, path) {
  await page.evaluate((to) => {
    history.pushState(history.state, '', to)
    window.dispatchEvent(new PopStateEvent('popstate', { state: {} }))
  }, path)
  // The address changes at once, the screen when its part of the program has come.
  await holds(page, (to) => {
    const router = document.querySelector('#app').__vue_app__.config.globalProperties.$router
    const wanted = router.resolve(to)
    const shown = router.currentRoute.value // a chosen area may have come along
    return shown.path === wanted.path && Object.entries(wanted.query).every(([name, value]) => shown.query[name] === value)
  }, path)
  await settled(page)
}

/** Waits for what moves and ends by itself: a colour half way to another one has a contrast of its own. */
async function stillStand(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    await frame()
    await frame()
    const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
    await Promise.all(ending.map((one) => one.finished.catch(() => undefined)))
  })
}

/** What axe finds on the page as it stands, or in a part of it; the page must have been opened with bypassCSP. */
export async function violations(page, part) {
  await stillStand(page)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const result = await page.evaluate(([rules, inside]) => window.axe.run(inside ?? document, { runOnly: rules, resultTypes: ['violations'] }), [RULES, part])
  return result.violations.map((item) => `${item.id}: ${item.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`)
}

/** From now on the page notes every word it asks for and does not find, in `window.wordsMissing`. */
export async function wordsWatch(page) {
  await page.evaluate(() => {
    const { provides } = document.querySelector('#app').__vue_app__._context
    const { global } = Object.getOwnPropertySymbols(provides).map((key) => provides[key]).find((value) => value?.global?.setMissingHandler)
    window.words = global
    window.wordsMissing = []
    global.setMissingHandler((language, key) => window.wordsMissing.push(`${language} ${key}`))
  })
}

export async function wordsMissing(page) {
  return [...new Set(await page.evaluate(() => window.wordsMissing))]
}

/** Makes every word of the page's language 60 % longer, values of placeholders excepted. */
export async function wordsStretch(page) {
  await page.evaluate(() => {
    const longer = (text) => text + ' ' + 'lorem ipsum '.repeat(20).slice(0, Math.ceil(text.replace(/\{\w+\}/g, '').length * 0.6))
    const stretch = (tree) => Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, typeof value === 'string' ? longer(value) : stretch(value)]))
    const language = window.words.locale.value
    window.words.setLocaleMessage(language, stretch(window.words.getLocaleMessage(language)))
  })
}

/** The options of the charts on the page, as they were given to the chart library. */
export async function chartOptions(page) {
  await page.waitForSelector('.chart canvas')
  return page.evaluate(() => {
    const found = []
    const visit = (node) => {
      if (!node || typeof node !== 'object') return
      if (Array.isArray(node)) {
        node.forEach(visit)
        return
      }
      if (node.component) {
        if (typeof node.component.props?.option === 'function') found.push(node.component.props.option())
        visit(node.component.subTree)
      }
      visit(node.children)
    }
    visit(document.querySelector('#app')._vnode)
    return JSON.parse(JSON.stringify(found))
  })
}

/** Registers a meter that nobody has built: it never reports and never answers. */
export async function silentMeterAdd(page, address, number) {
  const session = await ask(page, address, '/session')
  const areas = await ask(page, address, '/areas')
  const building = areas.items.find((area) => area.kind === 'building')
  const data = { area_id: building.area_id, imei: 861110000000000 + number, meter_number: String(999000000000 + number), security: 'plain', room: '9999' }
  const reply = await page.request.post(`${address}/api/v1/devices`, { headers: { 'X-CSRF-Token': session.csrf_token }, data })
  if (!reply.ok()) throw new Error(await reply.text())
  return (await reply.json()).device_id
}

/** Asks a meter to close its valve, for a time that the meter's clock will soon have passed. */
export async function closeAsk(page, address, deviceId, expiresS) {
  const session = await ask(page, address, '/session')
  const reply = await page.request.post(`${address}/api/v1/devices/${deviceId}/commands`, { headers: { 'X-CSRF-Token': session.csrf_token }, data: { kind: 'close_valve', reason: '住户要求', expires_s: expiresS } })
  if (!reply.ok()) throw new Error(await reply.text())
  return (await reply.json()).command_id
}

/** A month of use in which the 5th is missing and the 9th is estimated, in place of the real answer. */
export async function usageReplace(page) {
  await page.route('**/api/v1/devices/*/usage?*', async (route) => {
    const reply = await route.fetch()
    const body = await reply.json()
    body.items = body.items.slice(0, 20).map((point, index) => ({
      ...point, usage_value: index === 4 ? null : (index + 1) * 1000000, register_value: index === 4 ? null : 50000000, estimated: index === 8, quality: index === 4 ? null : 0, mark: null,
    }))
    await route.fulfill({ response: reply, json: body })
  })
}

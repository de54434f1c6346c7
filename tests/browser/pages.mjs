// Every page in both languages and themes, at desktop and phone width: no accessibility
// violation, nothing wider than the screen, no text left untranslated, no request elsewhere.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, demoStart, enterAs, holds, pageOpen, until } from './house.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let demo
let browser
let paths

before(async () => {
  ;[demo, browser] = await Promise.all([demoStart({ meters: 200 }), browserStart()])
  const { context, page } = await pageOpen(browser, demo.address)
  await enterAs(page, demo.address, 'administrator')
  const [devices, accounts, bills, tariffs] = await Promise.all(['/devices?limit=20', '/accounts?limit=20', '/bills?limit=20', '/tariffs?limit=20'].map((path) => ask(page, demo.address, path)))
  const meter = devices.items[0].device_id
  paths = [
    '/overview', '/board', '/board?view=list', '/meters', `/meters/${meter}`,
    ...['readings', 'usage', 'completeness', 'commands', 'events', 'network', 'account', 'archive', 'frames'].map((tab) => `/meters/${meter}?tab=${tab}`),
    '/usage', '/completeness', '/commands', '/explainer', '/set-aside', '/cash-desk', '/customers', `/customers/${accounts.items[0].customer_id}`,
    `/accounts/${accounts.items[0].account_id}`, '/tariffs', `/tariffs/${tariffs.items[0].tariff_id}`, '/settlement', '/bills', '/payments', '/arrears',
    '/ledger', '/events', '/notices', '/places', '/people', '/settings', '/audit', '/health', '/nowhere',
    ...(bills.items.length > 0 ? [`/bills/${bills.items[0].bill_id}`] : []),
  ]
  await context.close()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Moves inside the application, as a click on a link does, without fetching it again. */
async function go(page, path) {
  await page.evaluate((to) => {
    history.pushState(history.state, '', to)
    window.dispatchEvent(new PopStateEvent('popstate', { state: {} }))
  }, path)
  await holds(page, (to) => location.pathname + location.search === to, path)
  await settled(page)
}

/** The page has drawn its heading and nothing on it is still being fetched. */
async function settled(page) {
  await page.waitForSelector('main h1')
  await holds(page, () => document.querySelector('.skeleton, [aria-busy=true]') === null)
}

async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const result = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }), RULES)
  return result.violations.map((item) => `${item.id}: ${item.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`)
}

for (const [language, theme] of [['zh', 'light'], ['en', 'dark']]) {
  describe(`pages in ${language}, ${theme}`, () => {
    test('have no accessibility violation at desktop width', async () => {
      const { context, page, strangers, errors } = await pageOpen(browser, demo.address, { language, theme, bypassCSP: true })
      await enterAs(page, demo.address, 'administrator')
      const found = []
      for (const path of paths) {
        await go(page, path)
        for (const problem of await violations(page)) found.push(`${path} ${problem}`)
      }
      assert.deepEqual(found, [])
      assert.deepEqual(strangers, [])
      assert.deepEqual(errors, [])
      await context.close()
    })
  })
}

describe('a phone', () => {
  test('shows every page of the longer language within 360 pixels', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address, { language: 'en', width: 360, height: 740 })
    await enterAs(page, demo.address, 'administrator')
    const wide = []
    for (const path of paths) {
      await go(page, path)
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (over > 0) wide.push(`${path} by ${over}`)
    }
    assert.deepEqual(wide, [])
    assert.deepEqual(errors, [])
    await context.close()
  })
})

describe('dialogs', () => {
  test('are accessible and leave the first focus inside', async () => {
    const { context, page } = await pageOpen(browser, demo.address, { bypassCSP: true })
    await enterAs(page, demo.address, 'administrator')
    await page.keyboard.press('Control+k')
    await holds(page, () => document.activeElement?.getAttribute('role') === 'combobox')
    await page.keyboard.type('3')
    assert.deepEqual(await violations(page), [])
    await page.keyboard.press('Escape')
    await page.goto(`${demo.address}/places?add=1`)
    await page.waitForSelector('.el-dialog')
    await until(() => page.evaluate(() => document.querySelector('.el-dialog')?.contains(document.activeElement) ?? false), 5000)
    await context.close()
  })
})

describe('truthfulness', () => {
  test('a silent server is told as stale, and the page heals without a reload', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'administrator')
    await page.waitForSelector('[data-state=live]')
    demo.kill('SIGSTOP')
    try {
      await page.waitForSelector('[data-state=stale]')
      assert.equal(await page.locator('.layout-main.stale').count(), 1)
    } finally {
      demo.kill('SIGCONT')
    }
    await page.waitForSelector('[data-state=live]')
    assert.equal(await page.locator('.layout-main.stale').count(), 0)
    await context.close()
  })

  test('a day without a reading is a gap in the table twin, never a zero', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'administrator')
    const { items } = await ask(page, demo.address, '/devices?limit=20')
    const holes = []
    await page.route(/\/api\/v1\/devices\/\d+\/usage/, async (route) => {
      const reply = await (await route.fetch()).json()
      for (const point of reply.items.slice(-12, -10)) {
        holes.push(point.day)
        Object.assign(point, { usage_ml: null, register_ml: null, quality: null })
      }
      await route.fulfill({ json: reply })
    })
    await page.goto(`${demo.address}/meters/${items[0].device_id}?tab=usage`)
    await page.click('.segments button >> text=看表格')
    const rows = await page.locator('tbody tr').allInnerTexts()
    const missing = rows.filter((row) => row.includes('缺'))
    assert.equal(missing.length, holes.length)
    for (const row of missing) assert.ok(row.includes('—') && !row.includes('0.000'), row)
    await context.close()
  })
})

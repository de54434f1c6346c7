// Every page in both languages and themes, at desktop and phone width: no accessibility
// violation, nothing wider than the screen, no text left untranslated, no request elsewhere.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, demoStart, enterAs, holds, pageOpen, speedSet, until } from './house.mjs'
import { chartOptions, closeAsk, go, screenPaths, silentMeterAdd, usageReplace, violations, wordsMissing, wordsWatch } from './screens.mjs'

let demo
let browser
let paths

before(async () => {
  ;[demo, browser] = await Promise.all([demoStart({ meters: 200 }), browserStart()])
  const { context, page } = await pageOpen(browser, demo.address)
  await enterAs(page, demo.address, 'administrator')
  paths = await screenPaths(page, demo.address)
  await context.close()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

for (const [language, theme] of [['zh', 'light'], ['en', 'dark']]) {
  describe(`pages in ${language}, ${theme}`, () => {
    test('have no accessibility violation at desktop width, no word missing and no request elsewhere', async () => {
      const { context, page, strangers, errors } = await pageOpen(browser, demo.address, { language, theme, bypassCSP: true })
      await enterAs(page, demo.address, 'administrator')
      await wordsWatch(page)
      const found = []
      for (const path of paths) {
        await go(page, path)
        // The frame around the pages is the same on all of them: it is looked at once.
        for (const problem of await violations(page, path === paths[0] ? undefined : 'main')) found.push(`${path} ${problem}`)
      }
      assert.deepEqual(found, [])
      assert.deepEqual(await wordsMissing(page), [])
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

  test('breaks a long address of the newest reading into lines', async () => {
    const { context, page } = await pageOpen(browser, demo.address, { language: 'en', width: 360, height: 740 })
    await enterAs(page, demo.address, 'administrator')
    await go(page, '/overview')
    await page.waitForSelector('.first-reading .place')
    const over = await page.evaluate(() => {
      document.querySelector('.first-reading .place').textContent = '鹭湾国际商业广场二期 地下停车场与设备层 B3-1402-备用 350303120189999'
      return document.documentElement.scrollWidth - document.documentElement.clientWidth
    })
    assert.equal(over, 0)
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
    await until(() => page.evaluate(() => document.querySelector('.el-dialog')?.contains(document.activeElement) ?? false))
    await context.close()
  })
})

describe('settings', () => {
  test('are read and written as people say them: clock, yuan, days of the week', async () => {
    const { context, page } = await pageOpen(browser, demo.address, { language: 'en' })
    await enterAs(page, demo.address, 'administrator')
    await go(page, '/settings')
    const stored = async (key) => (await ask(page, demo.address, '/settings')).items.find((row) => row.key === key).value
    const save = async (key) => {
      const form = page.locator('form.setting', { has: page.locator(`#set-${key}`) })
      await form.locator('button[type=submit]').click()
      await until(() => form.locator('button[type=submit]').isDisabled())
    }
    await page.fill('#set-cut_start_min', '08:45')
    await save('cut_start_min')
    await page.fill('#set-refund_release_above_fen', '12.50')
    await save('refund_release_above_fen')
    await page.locator('#set-cut_weekdays label').nth(4).click()
    await save('cut_weekdays')
    assert.deepEqual([await stored('cut_start_min'), await stored('refund_release_above_fen'), await stored('cut_weekdays')],
      ['525', '1250', '1,2,3,4'])
    await page.fill('#set-cut_end_min', 'noon')
    await page.locator('form.setting', { has: page.locator('#set-cut_end_min') }).locator('button[type=submit]').click()
    await page.waitForSelector('form.setting [role=alert]')
    assert.equal(await stored('cut_end_min'), '960')
    await context.close()
  })

  test('a shorter retention says what it would remove before it is saved, and how far packing is stands beside it', async () => {
    const { context, page } = await pageOpen(browser, demo.address, { language: 'en' })
    await enterAs(page, demo.address, 'administrator')
    await go(page, '/settings')
    const said = (key) => page.locator('form.setting', { has: page.locator(`#set-${key}`) }).locator('[role=status]')
    await page.fill('#set-daily_keep_days', '1096')
    await until(async () => /nothing older than/.test(await said('daily_keep_days').textContent()))
    const loss = { setting: 'frame_keep_days', days: 1, before_day: '2026-11-20', records: 12345, bytes: 4200000, is_more: false }
    await page.route('**/retention-loss?setting=frame_keep_days*', (route) => route.fulfill({ json: loss })) // the town is too young
    await page.fill('#set-frame_keep_days', '1')
    await until(async () => /Once saved, 12,345 records older than .* 4 MB/.test(await said('frame_keep_days').textContent()))
    assert.deepEqual(await violations(page), [])
    await page.fill('#set-frame_keep_days', '90')
    await until(async () => (await said('frame_keep_days').count()) === 0)
    await page.waitForSelector('text=/Midnight readings before .* are packed/')
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

  test('a page opened by its address asks for the days of the server, not of the browser', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'administrator')
    await page.route('**/api/v1/clock', async (route) => {
      const [response] = await Promise.all([route.fetch(), page.waitForResponse('**/api/v1/session')])
      await route.fulfill({ json: { ...(await response.json()), now_s: Date.UTC(2031, 4, 20, 4) / 1000 } })
    })
    const asked = []
    page.on('request', (request) => asked.push(new URL(request.url()).searchParams.get('to')))
    await page.goto(`${demo.address}/usage`)
    assert.equal(await until(() => asked.find(Boolean)), '2031-05-19')
    await context.close()
  })

  test('a day without a reading is a gap, never a zero, and an estimate is hatched: chart and table twin agree', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'administrator')
    const { items } = await ask(page, demo.address, '/devices?limit=20')
    await usageReplace(page)
    await page.goto(`${demo.address}/meters/${items[0].device_id}?tab=usage`)
    const [option] = await chartOptions(page)
    const bars = option.series[0].data
    await page.click('.segments button >> text=看表格')
    const rows = await page.locator('tbody tr').allInnerTexts()
    assert.equal(rows.length, bars.length)
    rows.forEach((row, index) => {
      assert.equal(bars[index].value === null, row.includes('缺'), row)
      assert.equal(bars[index].itemStyle.decal !== undefined, row.includes('估算'), row)
    })
    assert.ok(rows[4].includes('—') && !rows[4].includes('0.000'), rows[4])
    assert.equal(bars.filter((bar) => bar.value === null).length, 1)
    assert.equal(bars.filter((bar) => bar.itemStyle.decal).length, 1)
    await context.close()
  })

  test('what a meter never answers is waiting, then expired, and never shown as done', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'administrator')
    await speedSet(page, demo.address, 1)
    const device = await silentMeterAdd(page, demo.address, 1)
    const command = await closeAsk(page, demo.address, device, 21600)
    await page.goto(`${demo.address}/meters/${device}?tab=commands`)
    const state = page.locator('tbody .command-state')
    await state.waitFor()
    await page.evaluate(() => {
      window.ticks = 0
      new MutationObserver(() => (window.ticks += document.querySelectorAll('.command-state .tick').length)).observe(document.body, { childList: true, subtree: true })
    })
    assert.match(await state.innerText(), /排队/)
    assert.equal(await page.locator('.command-state .tick').count(), 0)
    await speedSet(page, demo.address, 4320)
    await until(async () => (await ask(page, demo.address, `/commands/${command}`)).state === 'expired')
    await speedSet(page, demo.address, 60)
    await until(async () => (await state.innerText()).includes('过期'))
    assert.equal(await page.evaluate(() => window.ticks), 0)
    await context.close()
  })
})

describe('integrations', () => {
  test('a partner is added, its token shown once and tried, and what was revoked is refused', async () => {
    const { context, page } = await pageOpen(browser, demo.address, { language: 'en' })
    await enterAs(page, demo.address, 'administrator')
    await page.goto(`${demo.address}/integrations`)
    await page.click('text=Add partner')
    await page.locator('.el-dialog').getByRole('textbox', { name: 'Name', exact: true }).fill('Property platform')
    await page.locator('.el-dialog button[type=submit]').click()
    const token = await page.locator('.el-dialog code').first().innerText()
    assert.match(token, /^[0-9a-f]{64}$/)
    await page.click('text=I kept it')
    assert.equal((await page.content()).includes(token), false)
    const call = async () => {
      await page.goto(`${demo.address}/integrations?tab=try`)
      await page.locator('#tab-panel select').selectOption({ index: 1 })
      await page.locator('#tab-panel input[type=password]').fill(token)
      await page.locator('#tab-panel button[type=submit]').click()
      return JSON.parse(await page.locator('#tab-panel pre[aria-label]').innerText())
    }
    const answer = await call()
    assert.equal(answer.code, 'ok')
    assert.ok(answer.data.items.length > 0)
    await page.goto(`${demo.address}/integrations`)
    await page.click('.link-button >> text=Property platform')
    await page.locator('.el-dialog .token button').click()
    await page.locator('.el-dialog button[type=submit]').last().click()
    await page.locator('.tag >> text=revoked').waitFor()
    assert.equal((await call()).code, 'token_revoked')
    await context.close()
  })
})

describe('quarter-hours that are missing', () => {
  const POINTS = 96
  let context
  let page
  let meter
  let yesterday

  /** What the console asks of a path is kept, and answered by the test. */
  async function answers(path, answer) {
    const asked = []
    await page.route((url) => url.pathname === `/api/v1${path}`, (route) => {
      asked.push({ query: new URL(route.request().url()).searchParams, body: route.request().postDataJSON() })
      return route.fulfill({ json: answer(asked.length) })
    })
    return asked
  }

  const list = (items) => ({ items, next: null, count: items.length, count_exact: true })
  const dayOf = (day, missing) => ({
    device_kind: 'electricity', quantity: 'active_energy_import', unit: 'mWh', register_index: 0, next: null,
    items: [{ day, known: true, received_s: 1, period_min: 15, expected: POINTS, missing, refused: 0, sum: 'open', usage_value: 4000000, night_minimum_value: null, never_still: false,
      items: Array.from({ length: POINTS }, (_, n) => ({ from_s: Date.parse(`${day}T00:00:00+08:00`) / 1000 + n * 900, to_s: Date.parse(`${day}T00:15:00+08:00`) / 1000 + n * 900,
        register_value: n < missing ? null : n * 1000, quality: n < missing ? 'gap' : 'good', usage_value: n < missing ? null : 1000, mark: n < missing ? 'unknown' : 'measured' })) }],
  })

  before(async () => {
    ;({ context, page } = await pageOpen(browser, demo.address))
    await enterAs(page, demo.address, 'administrator')
    meter = (await ask(page, demo.address, '/devices?limit=1')).items[0]
    const { now_s: now, zone_offset_s: zone } = (await ask(page, demo.address, '/clock'))
    yesterday = new Date((now + zone) * 1000 - 86400000).toISOString().slice(0, 10)
  })
  after(() => context?.close())

  test('are listed on their own side of the switch, which stays in the address and asks them again', async () => {
    const row = { device_id: meter.device_id, meter_number: meter.meter_number, kind: 'electricity', maker: '', place: '3栋 1204', line_id: null, line_number: null, expected: POINTS, missing: 12, reason: 'waiting', problem: null, tries: 0, last_try_s: null, next_try_s: null, line_offline_since_s: null, last_received_s: null }
    const asked = await answers('/completeness/missing-intervals', () => list([row]))
    const reread = await answers('/completeness/reread', () => ({ task_id: 7, total: 1 }))
    await go(page, '/completeness')
    const missing = page.locator('section', { has: page.getByRole('heading', { name: '缺数明细' }) })
    const side = (name) => missing.getByRole('button', { name, exact: true })
    assert.equal(await side('零点').getAttribute('aria-pressed'), 'true')
    await side('分时').focus()
    await page.keyboard.press('Enter')
    await missing.getByText(`缺 12 / ${POINTS} 点`).waitFor()
    const days = missing.locator('select').first()
    const day = await days.inputValue()
    assert.notEqual(day, await days.locator('option').first().getAttribute('value')) // today's are not over
    assert.equal(asked.at(-1).query.get('day'), day)
    assert.equal(await missing.locator('tbody a').first().getAttribute('href'), `/meters/${meter.device_id}?tab=intervals&day=${day}`)
    await missing.getByRole('button', { name: '补抄', exact: true }).click()
    await page.locator('.el-dialog .button.primary').click()
    await until(() => reread.length > 0)
    assert.deepEqual(reread[0].body, { what: 'interval', from_day: day, to_day: day })
    await page.reload()
    await missing.getByText(`缺 12 / ${POINTS} 点`).waitFor()
    assert.equal(await side('分时').getAttribute('aria-pressed'), 'true')
    await side('零点').click()
    await page.waitForURL((url) => !url.searchParams.has('of'))
    await until(async () => (await missing.getByText(`/ ${POINTS} 点`).count()) === 0)
  })

  test('of one meter and day are asked again in place, and the day is shown anew', async () => {
    await answers(`/devices/${meter.device_id}/interval-channels`, () => list([{ quantity: 'active_energy_import', unit: 'mWh', register_index: 0, day: yesterday, days: 3 }]))
    let missing = 4
    await answers(`/devices/${meter.device_id}/intervals`, () => dayOf(yesterday, missing))
    const read = await answers(`/devices/${meter.device_id}/read`, () => ({ task_id: 77 }))
    const item = (state) => list([{ device_id: meter.device_id, meter_number: meter.meter_number, kind: 'electricity', state, reason: null, register_value: null }])
    let state = 'waiting'
    await answers('/reading-tasks/77/items', () => item(state))
    await go(page, `/meters/${meter.device_id}?tab=intervals&day=${yesterday}`)
    await page.getByText('缺 4 个点').waitFor()
    await page.getByRole('button', { name: '补抄这一天' }).click()
    await page.waitForSelector('[data-read]')
    assert.deepEqual(read[0].body, { what: 'interval', date: yesterday })
    assert.doesNotMatch(await page.locator('[data-read]').innerText(), /已补全/) // asked is not done
    missing = 0
    state = 'done'
    await until(async () => (await page.getByText('缺 4 个点').count()) === 0)
    await until(async () => (await page.getByRole('button', { name: '补抄这一天' }).count()) === 0)
  })
})

describe('places', () => {
  test('are opened level by level or found by typing, and the chosen one is named wherever one goes', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'administrator')
    const [root] = (await ask(page, demo.address, '/areas?limit=1')).items
    const [estate] = (await ask(page, demo.address, `/areas?parent=${root.area_id}`)).items.filter((area) => area.has_areas)
    const building = (await ask(page, demo.address, `/areas?parent=${estate.area_id}`)).items.at(-1)
    const tree = page.locator('.el-tree:visible')
    const node = (name) => tree.locator('.el-tree-node__content', { has: page.getByText(name, { exact: true }) }).first()
    await page.click('.top-bar .scope')
    await node(estate.name).locator('.el-tree-node__expand-icon').click()
    await node(building.name).click()
    await page.waitForURL((url) => url.searchParams.get('area') === String(building.area_id))
    await page.click('.top-bar .scope')
    await page.keyboard.type(`${estate.name} ${building.name}`)
    await node(`${estate.name} ${building.name}`).click()
    await page.goto(`${demo.address}/completeness?area=${building.area_id}`)
    await page.getByText(`${root.name} › ${estate.name} › ${building.name}`, { exact: true }).waitFor()
    await holds(page, (name) => document.querySelector('.top-bar .scope')?.textContent.includes(name), building.name)
    await page.goto(`${demo.address}/places`)
    await page.locator('main').getByRole('link', { name: estate.name, exact: true }).click()
    await page.locator('main tbody').getByText(building.name, { exact: true }).waitFor()
    await page.locator('main').getByRole('link', { name: root.name, exact: true }).click()
    await page.locator('main input[type=search]').fill(building.name)
    await page.locator('main tbody').getByText(estate.name).first().waitFor()
    assert.deepEqual(errors, [])
    await context.close()
  })
})

describe('a question that looks at every meter', () => {
  const MAKERS = ['甲', '乙', '甲']

  test('comes in parts that are added up, and is stopped and gone on with by the keyboard', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'administrator')
    let held = () => undefined
    const asked = []
    // Three parts of a town: the first maker is in two of them. The second part waits until it is let go.
    await page.route(/\/api\/v1\/completeness\?.*group=maker/, async (route) => {
      const part = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
      asked.push(part)
      if (part === 1 && asked.filter((one) => one === 1).length === 1) await new Promise((resolve) => (held = resolve))
      const row = { group_id: 0, name: MAKERS[part], due: 100, on_time: 40, received: 50 + part * 10, on_time_rate_e4: 4000, eventual_rate_e4: 5000 + part * 1000, days: [] }
      await route.fulfill({ json: { from_day: '', to_day: '', items: [row], next: part < 2 ? String(part + 1) : null, looked: part < 2 ? 100 : 0, meters_in_all: 300 } }).catch(() => undefined)
    })
    await page.goto(`${demo.address}/completeness`)
    await page.getByRole('button', { name: '按厂家' }).focus()
    await page.keyboard.press('Enter')
    const stop = page.getByRole('button', { name: '停止' })
    await stop.waitFor()
    assert.match(await page.locator('.walk').innerText(), /100 \/ 约 300/)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('已停止, 只统计了已查的部分。').waitFor()
    held()
    assert.equal(await page.locator('.matrix tbody tr').count(), 1)
    assert.match(await page.evaluate(() => document.activeElement.textContent), /继续/)
    await page.keyboard.press('Enter')
    await page.getByText('已全部查完').waitFor()
    const rows = await page.locator('.matrix tbody tr').allInnerTexts()
    // 60 of 100, and 50 + 70 of 200: the same share, so the larger first.
    assert.equal(rows.length, 2)
    assert.match(rows[0], /甲.*200 表日.*60\.0/s)
    assert.match(rows[1], /乙.*100 表日.*60\.0/s)
    assert.deepEqual(asked, [0, 1, 1, 2])
    assert.deepEqual(errors, [])
    await context.close()
  })
})

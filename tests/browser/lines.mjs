// The second way in, in a real browser: an area read on demand with live progress, what is cancelled, a
// workbook that says what the page says, an archive made to agree, and what is missing told as missing.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, demoStart, enterAs, metersStart, pageOpen, until } from './house.mjs'
import { chartOptions, go, settled, tellServer, violations } from './screens.mjs'

const SHEET = 'import json,sys,openpyxl; print(json.dumps([[None if c is None else str(c) for c in r] for r in openpyxl.load_workbook(sys.argv[1]).active.iter_rows(values_only=True)]))'
const DAY_S = 86400
const PREPAID = '889900000001'
const WRONG_KEY = 'ffeeddccbbaa99887766554433221100'

let demo
let browser
let context
let page
let line
let meters
let folder

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meterworks-'))
  ;[demo, browser] = await Promise.all([demoStart({ meters: 20, households: 12 }), browserStart()])
  ;({ context, page } = await pageOpen(browser, demo.address))
  await enterAs(page, demo.address, 'administrator')
  line = await until(async () => (await ask(page, demo.address, '/concentrators')).items.find((item) => item.meters > 20 && item.archive.state === 'agreed' && item.yesterday.received === item.meters))
  meters = (await ask(page, demo.address, `/topology?parent=${line.device_id}&limit=200`)).items
})
after(async () => {
  await context?.close()
  await browser?.close()
  await demo?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('reading on demand', () => {
  test('an area is previewed, read with progress on the page, and done means all are stored', async () => {
    await go(page, `/tasks?area=${line.area_id}`)
    await page.click('main .button.primary')
    const preview = page.locator('.el-dialog [role=status]')
    await preview.waitFor()
    assert.match(await preview.innerText(), new RegExp(`共 ${meters.length} 块.*${meters.length} 块可立即抄读`))
    await page.click('.el-dialog .button.primary')
    await page.waitForURL(/\/tasks\/\d+/)
    await page.waitForSelector('main h1')
    await page.waitForSelector('.tag >> text=已完成')
    assert.match(await page.locator('.progress').first().innerText(), new RegExp(`完成 ${meters.length} · 失败 0 · 剩余 0`))
  })

  test('one meter is read from its own page, and the value stands where it was asked', async () => {
    await go(page, `/meters/${meters[1].device_id}`)
    await page.click('main .button >> text=立即抄读')
    await page.waitForSelector('[data-read] .tick')
    assert.match(await page.locator('[data-read]').innerText(), /已抄回 [\d,]+\.\d+/)
  })

  test('what was not yet asked can be cancelled, and is never told as done', async () => {
    const stranger = await tellServer(page, demo.address, '/concentrators', { area_id: line.area_id, address: '440360001', name: 'C-99999' })
    const meter = await tellServer(page, demo.address, '/devices', { area_id: line.area_id, kind: 'electricity', meter_number: '990000000001', parent_device_id: stranger.device_id })
    const task = await tellServer(page, demo.address, `/devices/${meter.device_id}/read`)
    await page.goto(`${demo.address}/tasks/${task.task_id}`)
    await settled(page)
    await page.click('main .button.danger')
    await page.click('.el-dialog .button.danger')
    await page.waitForSelector('.tag.warn >> text=已取消')
    assert.match(await page.locator('.progress').first().innerText(), /完成 0/)
    await go(page, `/concentrators/${stranger.device_id}`)
    assert.match(await page.locator('main').innerText(), /离线/)
  })
})

describe('commands of a prepaid meter', () => {
  let meter

  const balance = async () => (await ask(page, demo.address, `/devices/${meter.device_id}`)).balance_fen
  const ended = async (where, state) => {
    await where.waitForSelector('[data-command=verified], [data-command=failed], [data-command=expired]')
    assert.equal(await where.locator('[data-command]').getAttribute('data-command'), state, await where.locator('.el-dialog').innerText())
  }
  const choose = async (where, verb) => {
    await where.click('[data-more]')
    await where.click(`[data-verb=${verb}]`)
    await where.waitForSelector('.el-dialog form')
  }

  before(async () => {
    meter = (await ask(page, demo.address, `/devices?query=${PREPAID}&limit=1`)).items[0]
    await go(page, `/meters/${meter.device_id}`)
    await page.waitForSelector('[data-more]')
  })

  test('money is entered by keys alone, checked against meter and amount, and followed until the meter shows it', async () => {
    await page.locator('main .button', { hasText: '充值' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('.el-dialog form')
    await until(() => page.evaluate(() => document.activeElement?.tagName === 'INPUT'))
    await page.keyboard.type('100.505')
    assert.match(await page.locator('.el-dialog .problem').innerText(), /最多两位小数/)
    assert.ok(await page.locator('.el-dialog button[type=submit]').isDisabled())
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Tab')
    await page.keyboard.type('窗口充值')
    const earlier = (await balance()) ?? 0
    await page.keyboard.press('Enter')
    const check = await page.locator('[data-check]').innerText()
    assert.ok(check.includes('¥100.50') && check.includes(PREPAID) && check.includes(meter.place), check)
    assert.equal((await ask(page, demo.address, `/devices/${meter.device_id}/commands?limit=20`)).items.filter((row) => row.kind === 'recharge').length, 0, 'nothing leaves before it was checked')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await ended(page, 'verified')
    assert.match(await page.locator('.el-dialog .note').innerText(), /已核验 ✔/)
    assert.equal(await balance(), earlier + 10050)
    await page.keyboard.press('Escape')
  })

  test('a table is refused on the page until its limits ascend, and then the meter confirms it', async () => {
    await choose(page, 'write_steps')
    const cells = page.locator('.el-dialog tbody input')
    await cells.nth(0).fill('0.5469')
    await cells.nth(1).fill('0')
    await cells.nth(2).fill('0.6469')
    await page.fill('.el-dialog .field >> nth=-1 >> input', '调价')
    assert.match(await page.locator('.el-dialog [role=alert]').innerText(), /大于上一档/)
    assert.ok(await page.locator('.el-dialog button[type=submit]').isDisabled())
    await cells.nth(1).fill('180.5')
    assert.equal(await page.locator('.el-dialog [role=alert]').count(), 0)
    for (let more = 2; more < 7; more += 1) await page.click('.el-dialog .button.small')
    assert.ok(await page.locator('.el-dialog .button.small').isDisabled(), 'seven prices are the most')
    for (let more = 2; more < 7; more += 1) await page.click('.el-dialog tbody .link-button >> nth=-1')
    await page.click('.el-dialog button[type=submit]')
    await ended(page, 'verified')
    const [sent] = (await ask(page, demo.address, `/devices/${meter.device_id}/commands?limit=20`)).items
    assert.equal(sent.document, '1: 0 5469, 18050 6469')
    await page.keyboard.press('Escape')
  })

  test('a phone in English writes a day table, and what the meter refuses is told with its reason', async () => {
    const { context: other, page: phone, errors } = await pageOpen(browser, demo.address, { language: 'en', width: 360, height: 740, bypassCSP: true })
    await enterAs(phone, demo.address, 'administrator')
    await go(phone, `/meters/${meter.device_id}`)
    await phone.waitForSelector('[data-more]')
    await choose(phone, 'write_day_table')
    await phone.fill('.el-dialog tbody input', '08:30')
    await phone.fill('.el-dialog .field >> nth=-1 >> input', 'new day')
    assert.deepEqual(await violations(phone), [])
    const over = await phone.evaluate(() => [document.documentElement, document.querySelector('.el-dialog')].map((node) => node.scrollWidth - node.clientWidth))
    assert.deepEqual(over, [0, 0])
    await phone.click('.el-dialog button[type=submit]')
    await ended(phone, 'verified')
    await phone.click('.el-dialog .button.primary')

    const session = await ask(phone, demo.address, '/session')
    const reply = await phone.request.patch(`${demo.address}/api/v1/devices/${meter.device_id}`, { headers: { 'X-CSRF-Token': session.csrf_token }, data: { key: WRONG_KEY } })
    assert.ok(reply.ok())
    await choose(phone, 'clear_balance')
    await phone.fill('.el-dialog .field >> nth=-1 >> input', 'moved out')
    await phone.click('.el-dialog button[type=submit]')
    await phone.waitForSelector('[data-check]')
    assert.match(await phone.locator('[data-check]').innerText(), new RegExp(`Clear ¥100\\.50[^]*${PREPAID}[^]*cannot be undone`))
    assert.ok(await phone.locator('.el-dialog button[type=submit]').isDisabled())
    await phone.fill('.el-dialog input', PREPAID.slice(-4))
    await phone.click('.el-dialog button[type=submit]')
    await ended(phone, 'failed')
    assert.match(await phone.locator('.el-dialog .note.danger').innerText(), /Failed\s+refused: .*key/i)
    assert.equal(await phone.locator('.el-dialog .tick').count(), 0)
    assert.deepEqual(errors, [])
    await other.close()
  })
})

describe('a search of a line', () => {
  const FAST = ['--baud', '38400', '--delay', '4', '--kind', 'heat', '--protocol', 'mbus']
  const WAITS_MS = [90, 90, 270, 810] // for each of the many that are silent; a busy machine needs more of it
  let bus
  let wire

  before(async () => {
    bus = await metersStart([...FAST, '--count', '3'])
    wire = await tellServer(page, demo.address, '/concentrators', { area_id: line.area_id, address: `127.0.0.1:${bus.port}`, name: '热表总线', kind: 'tcp', baud: 38400, answer_timeout_ms: 90 })
    await tellServer(page, demo.address, '/devices', { area_id: line.area_id, room: '1001', kind: 'heat', profile: 'mbus-heat', meter_number: '26110002', parent_device_id: wire.device_id })
    await connected()
  })
  after(() => bus?.stop())

  const connected = () => until(async () => (await ask(page, demo.address, `/concentrators/${wire.device_id}`)).connected)

  /** How long the line waits for an answer. With another wait it is dialled anew; an order that met the connection before would end with it. */
  const waitSet = async (wait) => {
    const { answer_timeout_ms: before, login_count: logins } = await ask(page, demo.address, `/concentrators/${wire.device_id}`)
    if (before === wait) return
    const { csrf_token: token } = await ask(page, demo.address, '/session')
    const reply = await page.request.patch(`${demo.address}/api/v1/concentrators/${wire.device_id}`, { headers: { 'X-CSRF-Token': token }, data: { answer_timeout_ms: wait } })
    assert.ok(reply.ok(), await reply.text())
    await until(async () => (await ask(page, demo.address, `/concentrators/${wire.device_id}`)).login_count > logins)
    await connected()
  }

  const searched = async () => {
    for (const wait of WAITS_MS) {
      await waitSet(wait)
      await page.click('main .button.primary >> text=开始搜索')
      await page.waitForSelector('[data-search=searching]')
      await page.waitForSelector('[data-search=ended]')
      if (/找到 3 块表/.test(await page.locator('[data-search=ended]').innerText())) break
    }
  }

  test('finds its meters, says which are known, and takes another into the archive', async () => {
    await go(page, `/concentrators/${wire.device_id}?tab=search`)
    await page.waitForSelector('[data-search=none]')
    await page.selectOption('main select', 'mbus')
    await searched()
    assert.match(await page.locator('[data-search=ended]').innerText(), /找到 3 块表.*2 块未建档/)
    const rows = await page.locator('[data-found]').evaluateAll((found) => found.map((row) => [row.cells[0].innerText, row.cells[2].innerText, row.cells[3].innerText, row.dataset.found]))
    assert.deepEqual(rows.toSorted(), [['26110001', '热量表', 'MWK', 'unknown'], ['26110002', '热量表', 'MWK', 'known'], ['26110003', '热量表', 'MWK', 'unknown']])
    await page.locator('[data-found]', { hasText: '26110003' }).locator('button').click()
    await page.waitForSelector('.el-dialog form')
    await page.click('.el-dialog button[type=submit]')
    await page.locator('[data-found=known]', { hasText: '26110003' }).waitFor()
    const { items } = await ask(page, demo.address, `/topology?parent=${wire.device_id}`)
    assert.deepEqual(items.map((item) => [item.meter_number, item.kind, item.profile]).toSorted(), [['26110002', 'heat', 'mbus-heat'], ['26110003', 'heat', 'mbus-heat']])
  })

  test('is stopped from a phone in English, keeps what it found, and says so', async () => {
    await waitSet(4000) // or it may have come to its end before anybody stops it
    await tellServer(page, demo.address, `/concentrators/${wire.device_id}/search`, {})
    const { context: other, page: phone, errors } = await pageOpen(browser, demo.address, { language: 'en', width: 360, height: 740, bypassCSP: true })
    await enterAs(phone, demo.address, 'administrator')
    const patient = await tellServer(page, demo.address, '/concentrators', { area_id: line.area_id, address: '127.0.0.1:9', name: 'nobody', kind: 'tcp' })
    await go(phone, `/concentrators/${patient.device_id}?tab=search`)
    assert.match(await phone.locator('main .note.warn').innerText(), /line is offline/)
    await go(phone, `/concentrators/${wire.device_id}?tab=search`)
    await phone.waitForSelector('[data-search]')
    await phone.click('main .button.danger >> text=Stop the search')
    await phone.waitForSelector('[data-search=ended]')
    assert.match(await phone.locator('[data-search=ended]').innerText(), /Search stopped; found before that: \d/)
    assert.deepEqual(await violations(phone), [])
    assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0)
    assert.deepEqual(errors, [])
    await other.close()
  })
})

describe('an archive', () => {
  test('is compared and downloaded, and the page shows each row as agreed', async () => {
    await go(page, `/concentrators/${line.device_id}?tab=archive`)
    await page.waitForSelector('[data-archive=agreed]')
    const before = (await ask(page, demo.address, `/concentrators/${line.device_id}/archive`)).agreed_s
    await page.click('main .button.primary >> text=下发档案')
    await page.click('.el-dialog .button.primary')
    await until(async () => {
      const archive = await ask(page, demo.address, `/concentrators/${line.device_id}/archive`)
      return archive.state === 'agreed' && archive.agreed_s > before
    })
    await page.waitForSelector('.tag[role=status] >> text=一致')
    await page.selectOption('main .pager select', '100')
    const most = Math.min(100, meters.length)
    await until(async () => (await page.locator('[data-archive=agreed]').count()) === most)
    assert.equal(await page.locator('[data-archive]').count(), most)
    assert.match(await page.locator('main .pager').innerText(), new RegExp(`共 ${meters.length} 条`))
  })

  test('is filtered and exported whole by the server, not only the page in view', async () => {
    await page.selectOption('main .pager select', '20')
    await until(async () => (await page.locator('[data-archive]').count()) === 20)
    const sheet = await (await page.request.get(demo.address + (await page.getAttribute('main a[download] >> nth=0', 'href')))).text()
    assert.equal(sheet.trim().split('\n').length, meters.length + 1)
    await page.click('main .segments button >> text=集中器缺')
    await page.waitForSelector('main .empty')
    await page.click('main .empty button')
    await page.waitForSelector('[data-archive=agreed]')
  })
})

describe('reports', () => {
  test('the workbook holds the figures of the page, the multiplier in them', async () => {
    const wanted = meters.filter((meter) => meter.kind === 'electricity').slice(0, 3)
    await go(page, '/reports')
    await page.selectOption('main select', 'numbers')
    await page.fill('main textarea', wanted.map((meter) => meter.meter_number).join('\n'))
    await page.click('main form button[type=submit]')
    await page.waitForSelector('tbody tr')
    const shown = await page.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [0, 4, 5].map((index) => row.cells[index].innerText.replace(/[^\d.—]/g, ''))))
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('main a.button.primary')])
    const path = join(folder, 'usage.xlsx')
    await download.saveAs(path)
    const rows = JSON.parse(execFileSync('/usr/bin/python3', ['-c', SHEET, path], { encoding: 'utf8' })).filter((row) => /^\d{12}$/.test(row[0] ?? ''))
    assert.equal(rows.length, shown.length)
    assert.ok(rows.length >= wanted.length * 7)
    const figure = (text) => (text === null ? '—' : Number(text).toFixed(2))
    assert.deepEqual(rows.map((row) => [row[0], figure(row[6]), figure(row[5])]), shown)
  })

  test('what is missing is blank with its word in the page, and blank in the answer', async () => {
    const meter = meters.find((item) => item.kind === 'electricity')
    const { now_s: now } = await ask(page, demo.address, '/clock')
    const from = new Date((now - 400 * DAY_S) * 1000).toISOString().slice(0, 10)
    const report = await ask(page, demo.address, `/reports/usage?granularity=month&from=${from}&device_ids=${meter.device_id}`)
    const missing = report.items.filter((row) => row.mark === 'missing')
    assert.ok(missing.length > 0)
    assert.ok(missing.every((row) => row.usage_value === null))
    await go(page, `/reports?every=month&kind=electricity`)
    await page.fill('main input[type=date] >> nth=0', from)
    await page.waitForSelector('tbody .tag.warn >> text=缺数')
    const row = page.locator('tbody tr', { hasText: '缺数' }).first()
    assert.equal(await row.locator('td').nth(4).innerText(), '—')
  })

  test('a loss is supply less what was sold: the page, the table and the answer agree', async () => {
    const { items } = await ask(page, demo.address, '/balance-zones')
    const zone = items.find((item) => item.area_id === line.area_id)
    await go(page, `/loss?zone=${zone.balance_zone_id}`)
    await page.waitForSelector('tbody tr')
    const figures = await page.locator('dl.facts dd.big').allInnerTexts()
    const [supply, sold, loss] = figures.map((text) => Number(text.replace(/[^\d.−]/g, '').replace('−', '-')))
    assert.ok(supply > 0)
    assert.ok(Math.abs(supply - sold - loss) < 0.011, figures.join(' '))
    const rows = await page.locator('tbody tr').evaluateAll((found) => found.map((row) => Number(row.cells[1].innerText.replace(/[^\d.]/g, ''))))
    assert.ok(Math.abs(rows.reduce((sum, value) => sum + value, 0) - supply) < 0.01 * rows.length)
  })
})

describe('figures by kind', () => {
  const axisUnit = async () => (await chartOptions(page))[0].yAxis.name

  test('the first page counts each kind, and its trend is in that kind\'s unit: heat in kWh', async () => {
    await go(page, '/overview')
    const { kinds, supply } = await ask(page, demo.address, '/overview')
    assert.equal(kinds.reduce((sum, row) => sum + row.total, 0), supply.total)
    const shown = await page.locator('main .kinds li').allInnerTexts()
    assert.equal(shown.length, kinds.length)
    for (const name of ['水表', '电表', '燃气表', '热量表']) assert.ok(shown.some((text) => text.startsWith(name)), shown.join())
    assert.match(await axisUnit(), /m³/)
    for (const name of ['电表', '热量表']) {
      await page.click(`main .segments button >> text=${name}`)
      await until(async () => /kWh/.test(await axisUnit()))
      await page.click('main .card-head .link-button >> nth=-1')
      await until(async () => /\d\skWh/.test(await page.locator('main tbody').innerText()))
      await page.click('main .card-head .link-button >> nth=-1')
    }
  })

  test('no series of a loss chart has the colour of a state', async () => {
    const { items } = await ask(page, demo.address, '/balance-zones')
    await go(page, `/loss?zone=${items.find((item) => item.area_id === line.area_id).balance_zone_id}`)
    const [option] = await chartOptions(page)
    const states = await page.evaluate(() => ['danger', 'warn', 'state-fault', 'state-alarm'].map((name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()))
    assert.equal(option.series.length, 2)
    for (const series of option.series) assert.ok(!states.includes(series.itemStyle.color), series.itemStyle.color)
  })

  test('what a meter tells beside its dial is a table, and each value a curve with its own table', async () => {
    const meter = (await ask(page, demo.address, `/devices?query=${PREPAID}&limit=1`)).items[0]
    await tellServer(page, demo.address, `/devices/${meter.device_id}/read`)
    const voltage = await until(async () => (await ask(page, demo.address, `/devices/${meter.device_id}/registers`)).items.find((row) => row.quantity === 'voltage'))
    await go(page, `/meters/${meter.device_id}?tab=registers`)
    const row = page.locator('main tbody tr', { hasText: '电压' }).first()
    assert.match(await row.innerText(), /\d{3}\.\d\s*V/)
    await row.locator('button').click()
    await page.waitForSelector('.values tbody tr')
    const [option] = await chartOptions(page)
    const told = (await ask(page, demo.address, `/devices/${meter.device_id}/register-values?quantity=voltage&register_index=${voltage.register_index}&phase=${voltage.phase}&period=${voltage.period}&limit=2000`)).items
    assert.ok(told.length > 0)
    assert.ok(option.series[0].data.filter((point) => point !== null && point[1] !== null).length >= 1)
    assert.equal(await page.locator('.values tbody tr').count(), Math.min(200, told.length))
  })
})

describe('a spreadsheet of meters', () => {
  test('is tried first: row, column, value, rule and fix of each mistake, and nothing is entered', async () => {
    const count = (await ask(page, demo.address, '/devices?limit=1')).count
    // The area by its number: which line was ready first is chance, and not each one's building has a name that no other has.
    await go(page, '/places')
    await page.click('main .button >> text=批量导入')
    await page.fill('.el-dialog textarea', `meter_number,kind,parent,area\n990000000002,电,${line.name},${line.area_id}\n990000000003,光,${line.name},${line.area_id}\n`)
    await page.click('.el-dialog .button.primary')
    const cells = page.locator('.el-dialog tbody tr').first().locator('td')
    await cells.first().waitFor()
    const [row, column, value, rule] = await cells.allInnerTexts()
    assert.deepEqual([row, column, value], ['3', 'kind', '光'])
    assert.notEqual(rule, '')
    assert.equal((await ask(page, demo.address, '/devices?limit=1')).count, count)
    await page.keyboard.press('Escape')
  })
})

describe('a viewer', () => {
  test('sees all of it and has no button that changes anything', async () => {
    const { context: other, page: theirs } = await pageOpen(browser, demo.address)
    await enterAs(theirs, demo.address, 'viewer')
    for (const path of ['/tasks', '/plans', '/concentrators', `/concentrators/${line.device_id}`, `/concentrators/${line.device_id}?tab=archive`, `/meters/${meters[0].device_id}`, '/loss', '/completeness']) {
      await go(theirs, path)
      assert.equal(await theirs.locator('main .button.primary, main .button.danger').count(), 0, path)
    }
    await other.close()
  })
})

// A price from its form to its release: what a use would cost beside it, mistakes where they are, the dry run on the
// town's own readings, and a second person who lets it begin.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browserStart, demoStart, enterAs, holds, pageOpen, until } from './house.mjs'

let demo
let browser
const PASSWORD = 'a-long-test-password'

before(async () => {
  ;[demo, browser] = await Promise.all([demoStart({ meters: 120, days: 63 }), browserStart()])
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

const field = (page, name) => page.getByLabel(name, { exact: true }).first()

async function change(page, name, text) {
  await field(page, name).fill(text)
  await field(page, name).blur()
}

const shown = (page, text) => holds(page, (wanted) => (document.querySelector('main')?.innerText ?? '').includes(wanted), text)

test('a price is drafted in forms, tried on real use and released by another person', async () => {
  const { context, page, errors } = await pageOpen(browser, demo.address)
  await enterAs(page, demo.address, 'administrator')
  const session = await ask(page, demo.address, '/session')
  const areas = (await ask(page, demo.address, '/areas')).items
  const made = await page.request.post(`${demo.address}/api/v1/people`, { headers: { 'X-CSRF-Token': session.csrf_token }, data: { login: 'second', display_name: '李建国', role: 'administrator', area_id: areas.find((area) => area.parent_area_id === null).area_id, password: PASSWORD } })
  assert.equal(made.status(), 201, await made.text())
  const tariff = (await ask(page, demo.address, '/tariffs')).items.sort((one, other) => other.accounts - one.accounts)[0]
  await page.goto(`${demo.address}/tariffs/${tariff.tariff_id}`)
  await page.getByRole('button', { name: '以此为底, 新建草案' }).click()

  await change(page, '第 2 档上限 (m³)', '1')
  await shown(page, '上限要逐档增大')
  await change(page, '第 2 档上限 (m³)', '900')
  await change(page, '水费 系数', '11')
  await shown(page, '数值过大')
  assert.equal(await field(page, '水费 系数').getAttribute('aria-invalid'), 'true')
  await change(page, '水费 系数', '1')
  await change(page, '水费 第 1 档', '9.99')
  await shown(page, '× ¥9.99')
  await shown(page, '检查通过')

  await page.getByRole('button', { name: '存草案' }).click()
  await shown(page, '先完成一次试算, 才能提交审批')
  await page.getByRole('combobox', { name: '用最近' }).selectOption({ label: '1 个月' })
  await page.getByRole('button', { name: '开始试算' }).click()
  await shown(page, '每月差额分布')
  const draft = (await ask(page, demo.address, '/tariff-drafts')).items[0]
  assert.equal(draft.run_state, 'done')
  assert.ok(draft.run_more > 0 && draft.run_draft_fen > draft.run_present_fen, JSON.stringify(draft))
  await page.getByRole('button', { name: '提交审批…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '提交审批' }).click()
  await shown(page, '须由另一人放行')
  await context.close()

  const other = await pageOpen(browser, demo.address)
  await other.page.request.post(`${demo.address}/api/v1/session`, { data: { login: 'second', password: PASSWORD } })
  await other.page.goto(`${demo.address}/tariffs/${tariff.tariff_id}?draft=${draft.tariff_draft_id}`)
  await other.page.getByRole('button', { name: /^放行/ }).click()
  await other.page.getByRole('dialog').getByRole('button', { name: /^放行/ }).click()
  await until(async () => (await ask(other.page, demo.address, `/tariff-drafts/${draft.tariff_draft_id}`)).state === 'released')
  await shown(other.page, '待生效')
  assert.deepEqual([...errors, ...other.errors].filter((text) => !text.includes('422')), [])
  await other.context.close()
})

test('a residential electricity price with three steps, time of use and a summer is made in forms alone', async () => {
  const { context, page, errors } = await pageOpen(browser, demo.address)
  await enterAs(page, demo.address, 'administrator')
  await page.goto(`${demo.address}/tariffs`)
  await page.getByRole('button', { name: '新价格表' }).click()
  await page.getByLabel('名称').fill('居民用电')
  await page.getByRole('combobox', { name: '类别' }).selectOption({ label: '电' })
  await page.getByRole('dialog').getByRole('button', { name: '新价格表' }).click()
  await shown(page, '价格 居民用电')
  const nth = async (name, at, text) => {
    await page.getByLabel(name, { exact: true }).nth(at).fill(text)
    await page.getByLabel(name, { exact: true }).nth(at).blur()
  }

  await change(page, '项目', 'energy')
  for (let more = 0; more < 2; more++) await page.getByRole('button', { name: '加一档' }).click()
  await page.getByLabel('电费 计价方式').selectOption({ label: '分时 + 按档' })
  for (const [name, text] of [['电费 峰', '0.568'], ['电费 谷', '0.288'], ['电费 第 1 档', '0'], ['电费 第 2 档', '0.05'], ['电费 第 3 档', '0.30']]) await change(page, name, text)
  await page.getByRole('button', { name: '按季节分档' }).click()
  await nth('第 1 档上限 (kWh)', 0, '700')
  await shown(page, '上限要逐档增大')
  await nth('第 1 档上限 (kWh)', 0, '260')
  await nth('第 2 档上限 (kWh)', 0, '600')
  await nth('第 1 档上限 (kWh)', 1, '200')
  await nth('第 2 档上限 (kWh)', 1, '400')

  await page.getByRole('button', { name: '填写时段表' }).click()
  await change(page, '第 1 行: 起', '08:00')
  await change(page, '第 1 行: 止', '22:00')
  await shown(page, '有空缺')
  assert.match(await page.locator('main').innerText(), /00:00–08:00 缺口/)
  await page.getByRole('button', { name: '加一行' }).click()
  await page.getByLabel('第 2 行: 时段').selectOption({ label: '谷' })
  await change(page, '第 2 行: 止', '08:00')
  await shown(page, '检查通过')
  await page.getByRole('button', { name: '加一行' }).click()
  await shown(page, '永远轮不到这一行')
  await page.getByRole('button', { name: '删除第 3 行' }).click()

  // 180 x 0.568 + 120 x 0.288, and of 300 kWh upon 100 the 140 above the summer's 260 at 0.05 more.
  for (const [name, text] of [['峰 用量 (kWh)', '180'], ['谷 用量 (kWh)', '120'], ['本周期已用 (kWh)', '100'], ['抄表日', '2026-07-15']]) await change(page, name, text)
  await shown(page, '¥143.80')
  await change(page, '抄表日', '2026-11-15')
  await shown(page, '¥146.80')
  // Five persons may use 100 kWh more in each step; 0.86 is four steps below 0.90, two per cent more.
  await page.getByRole('combobox', { name: '规则' }).selectOption({ label: '每多一人加量' })
  for (const [name, text] of [['第 1 档加量 (kWh)', '100'], ['第 2 档加量 (kWh)', '100'], ['人口', '5']]) await change(page, name, text)
  await shown(page, '¥141.80')
  await page.locator('section', { has: page.getByRole('heading', { name: '力率调整' }) }).last().getByRole('combobox').first().selectOption({ label: '按级差' })
  await change(page, '力率', '0.86')
  await shown(page, '¥144.64')
  await page.getByRole('button', { name: '保存为首个版本' }).click()
  await shown(page, '这个版本已放行')
  const made = (await ask(page, demo.address, new URL(page.url()).pathname)).versions[0].document
  assert.deepEqual(made, {
    utility: 'electricity', unit: 'kWh', cycle: 'month',
    items: [{ name: 'energy', tou_prices: { peak: '0.568', valley: '0.288' }, prices: ['0', '0.05', '0.30'] }],
    season_limits: { summer: ['260', '600'], other: ['200', '400'] }, season_months: { summer: [5, 6, 7, 8, 9, 10] },
    tou_schedule: [{ period: 'peak', from: '08:00', to: '22:00' }, { period: 'valley', from: '22:00', to: '08:00' }],
    household: { kind: 'per_person', base: 4, add: ['100', '100'] }, power_factor: { standard: '0.90', rate_below: '0.005' },
  })
  assert.deepEqual(errors.filter((text) => !text.includes('422')), [])
  await context.close()
})

test('a phone shows a price and says where it is edited', async () => {
  const { context, page } = await pageOpen(browser, demo.address, { language: 'en', width: 360, height: 740 })
  await enterAs(page, demo.address, 'administrator')
  await page.goto(`${demo.address}/tariffs/1`)
  await shown(page, 'Please edit prices on a computer')
  assert.equal(await page.getByRole('button', { name: 'Save draft' }).count(), 0)
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)
  assert.ok(await fits())

  const { csrf_token } = await ask(page, demo.address, '/session')
  const [account] = (await ask(page, demo.address, '/accounts?limit=1')).items
  const told = await page.request.patch(`${demo.address}/api/v1/accounts/${account.account_id}`, { headers: { 'X-CSRF-Token': csrf_token }, data: { persons: 7, persons_from: '2099-01-01', persons_until: '2099-12-31' } })
  assert.equal(told.status(), 200, await told.text())
  await page.goto(`${demo.address}/accounts/${account.account_id}`)
  await shown(page, 'for periods that begin')
  assert.ok(await fits())
  await context.close()
})

// Money out and contracts that end: the clerk asks, another person decides, the page says what will happen.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, demoStart, enterAs, holds, pageOpen, until } from './house.mjs'
import { tellServer, violations } from './screens.mjs'

let demo
let browser

before(async () => {
  ;[demo, browser] = await Promise.all([demoStart({ meters: 100, households: 10, days: 10, speed: 1 }), browserStart()])
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Pictures for a person to look at, when a folder is named. */
async function look(page, name) {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true })
}

async function richAccount(page) {
  const { items } = await ask(page, demo.address, '/accounts?payment_mode=prepaid_platform&limit=50')
  return items.find((item) => item.balance_fen > 5000 && item.device_id && !item.main_account_id && !item.closed_s)
}

const dialog = '[role=dialog]'
const balanceOf = async (page, account) => (await ask(page, demo.address, `/accounts/${account.account_id}`)).balance_fen

/** The other person opens what waits, newest first. */
async function openNewest(page) {
  await page.goto(`${demo.address}/approvals`)
  await page.waitForSelector('tbody tr')
  await page.click('tbody tr button')
  await page.waitForSelector(`${dialog} .figures`)
}

describe('two persons', () => {
  test('a refund waits, is refused to the one who asked, and leaves when another approves', async () => {
    const clerk = await pageOpen(browser, demo.address, { bypassCSP: true })
    const other = await pageOpen(browser, demo.address, { bypassCSP: true, language: 'en' })
    await enterAs(clerk.page, demo.address, 'clerk')
    await enterAs(other.page, demo.address, 'administrator')
    const account = await richAccount(clerk.page)
    const before = await balanceOf(clerk.page, account)
    await clerk.page.goto(`${demo.address}/customers/${account.customer_id}`)
    const card = clerk.page.locator('article.account', { has: clerk.page.locator(`a[href="/accounts/${account.account_id}"]`) })
    await card.getByRole('button', { name: '退款…' }).click()
    await clerk.page.waitForSelector(`${dialog} input`)
    await holds(clerk.page, () => document.activeElement?.tagName === 'INPUT')
    await clerk.page.keyboard.press('Control+a')
    await clerk.page.keyboard.type('12.34')
    await clerk.page.locator(dialog).getByLabel('退款原因').fill('多缴')
    await clerk.page.waitForSelector(`${dialog} .note[role=status]`)
    assert.match(await clerk.page.innerText(`${dialog} .note[role=status]`), /12\.34[\s\S]*另一人审批/)
    await look(clerk.page, 'refund')
    await clerk.page.click(`${dialog} button[type=submit]`)
    await clerk.page.waitForSelector('.approvals')
    await openNewest(clerk.page)
    assert.equal(await clerk.page.locator(dialog).getByRole('button', { name: '同意' }).count(), 0)
    await look(clerk.page, 'approval-own')
    await openNewest(other.page)
    assert.deepEqual(await violations(other.page), [])
    await look(other.page, 'approval')
    await other.page.clock.install()
    await other.page.locator(dialog).getByRole('button', { name: 'Approve' }).click()
    await other.page.locator(dialog).getByRole('button', { name: 'Stop' }).click() // it can still be stopped for ten seconds
    await other.page.clock.fastForward(11000)
    assert.equal((await ask(clerk.page, demo.address, `/approvals?state=waiting&kind=refund&account_id=${account.account_id}`)).items.length, 1)
    await other.page.locator(dialog).getByRole('button', { name: 'Approve' }).click()
    await other.page.clock.fastForward(11000)
    await until(async () => (await balanceOf(clerk.page, account)) === before - 1234)
    for (const { context, errors } of [clerk, other]) {
      assert.deepEqual(errors, [])
      await context.close()
    }
  })

  test('a move-out shows its whole sum, and is done when another approves', async () => {
    const clerk = await pageOpen(browser, demo.address, { bypassCSP: true })
    const phone = await pageOpen(browser, demo.address, { bypassCSP: true, width: 360, height: 740 })
    await enterAs(clerk.page, demo.address, 'clerk')
    await enterAs(phone.page, demo.address, 'administrator')
    const account = await richAccount(clerk.page)
    await clerk.page.goto(`${demo.address}/customers/${account.customer_id}`)
    await look(clerk.page, 'customer')
    const card = clerk.page.locator('article.account', { has: clerk.page.locator(`a[href="/accounts/${account.account_id}"]`) })
    await card.getByRole('button', { name: '退租结算…' }).click()
    await clerk.page.waitForSelector(`${dialog} select`)
    await clerk.page.locator(dialog).getByLabel('终抄读数').selectOption('estimated')
    await clerk.page.locator(dialog).getByLabel('原因').fill('搬走')
    assert.ok(await clerk.page.isDisabled(`${dialog} button[type=submit]`))
    await clerk.page.locator(dialog).getByRole('button', { name: '试算' }).click()
    await clerk.page.waitForSelector(`${dialog} .figures`)
    assert.match(await clerk.page.innerText(`${dialog} .figures`), /终抄读数[\s\S]*未结用量[\s\S]*应退[\s\S]*现金退/)
    assert.deepEqual(await violations(clerk.page), [])
    await look(clerk.page, 'move-out')
    await clerk.page.click(`${dialog} button[type=submit]`)
    await until(async () => (await ask(clerk.page, demo.address, `/closings?account_id=${account.account_id}`)).items.length === 1)
    await openNewest(phone.page)
    await look(phone.page, 'approval-phone')
    assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
    await phone.page.clock.install()
    await phone.page.locator(dialog).getByRole('button', { name: '同意' }).click()
    await phone.page.clock.fastForward(11000)
    await until(async () => (await ask(clerk.page, demo.address, `/accounts/${account.account_id}`)).closed_s !== null)
    assert.equal(await balanceOf(clerk.page, account), 0)
    await phone.page.goto(`${demo.address}/customers/${account.customer_id}`)
    await phone.page.waitForSelector('.timeline')
    await look(phone.page, 'customer-phone')
    for (const { context, errors } of [clerk, phone]) {
      assert.deepEqual(errors, [])
      await context.close()
    }
  })

  test('a payment on the wrong account goes to one that is found by its room and read by its owner’s name', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address, { bypassCSP: true })
    await enterAs(page, demo.address, 'clerk')
    const { items } = await ask(page, demo.address, '/accounts?payment_mode=prepaid_platform&limit=50')
    const [wrong, right] = items.filter((item) => item.device_id && !item.main_account_id && !item.closed_s)
    const session = await ask(page, demo.address, '/session')
    const paid = await page.request.post(`${demo.address}/api/v1/payments`, { headers: { 'X-CSRF-Token': session.csrf_token }, data: { account_id: wrong.account_id, amount_fen: 777, method: 'card', key: 'moved-in-a-browser' } })
    assert.ok(paid.ok())
    await page.goto(`${demo.address}/customers/${wrong.customer_id}`)
    await page.locator('tr', { hasText: '¥7.77' }).getByRole('button', { name: '转移…' }).click()
    await page.locator(dialog).getByLabel('正确的账户').first().fill(right.meter_number)
    await page.locator(dialog).getByRole('radio').first().check()
    assert.ok((await page.innerText('[data-target]')).includes(right.customer_name))
    await page.locator(dialog).getByLabel('原因').fill('缴错户')
    assert.deepEqual(await violations(page, dialog), [])
    await page.click(`${dialog} button[type=submit]`)
    const [asked] = await until(async () => {
      const { items: waiting } = await ask(page, demo.address, '/approvals?state=waiting&kind=payment_move')
      return waiting.length > 0 ? waiting : null
    })
    assert.deepEqual([asked.account_id, asked.amount_fen], [wrong.account_id, 777])
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('a refund by bank is found among all and done when the bank has paid it out', async () => {
    const clerk = await pageOpen(browser, demo.address)
    const { context, page, errors } = await pageOpen(browser, demo.address, { bypassCSP: true })
    await enterAs(clerk.page, demo.address, 'clerk')
    await enterAs(page, demo.address, 'administrator')
    const account = await richAccount(page)
    const asked = await tellServer(clerk.page, demo.address, `/accounts/${account.account_id}/refunds`, { amount_fen: 321, reason: '多缴', rest: 'bank', payee: '林志远', bank: '建行云榕支行', bank_account: '6217000010001234', key: 'refund-by-bank' })
    await clerk.context.close()
    await tellServer(page, demo.address, `/approvals/${asked.approval_id}/approve`, {})
    await page.keyboard.press('Control+k')
    await page.keyboard.type('退租')
    await page.getByRole('option', { name: /退费与销户/ }).first().click() // found by another word for it
    await page.waitForURL((url) => url.pathname === '/refunds')
    await page.locator('tr', { hasText: '¥3.21' }).getByRole('button').click()
    await page.click('[data-settle]')
    await page.locator(dialog).getByLabel('银行流水号').fill('20261122-7')
    assert.deepEqual(await violations(page, '.el-drawer'), [])
    await page.getByRole('button', { name: '登记', exact: true }).click()
    await page.waitForSelector('[data-part=bank] [data-progress=done]')
    assert.match(await page.innerText('[data-part=bank]'), /20261122-7/)
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('rooms are put together, paid once from their page, and each has its statement', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address, { bypassCSP: true })
    await enterAs(page, demo.address, 'administrator')
    const { items } = await ask(page, demo.address, '/accounts?payment_mode=prepaid_platform&limit=50')
    const [main, room] = items.filter((item) => item.device_id && !item.main_account_id && !item.closed_s && !item.is_public)
    await page.goto(`${demo.address}/groups/${main.account_id}`)
    await page.getByRole('button', { name: '添加分户…' }).click()
    await page.locator(dialog).getByLabel('查找房间').fill(room.meter_number)
    await page.locator(dialog).getByRole('radio').first().check()
    await page.click(`${dialog} button[type=submit]`)
    await page.locator('tr', { hasText: room.meter_number }).waitFor()
    assert.equal(await balanceOf(page, main), main.balance_fen + room.balance_fen)
    assert.match(await page.locator('main select.which').innerText(), new RegExp(room.customer_name))
    assert.deepEqual(await violations(page, 'main'), [])
    await page.click('[data-group-pay]')
    await page.waitForURL((url) => url.pathname === '/cash-desk' && url.searchParams.get('account') === String(main.account_id))
    await page.goto(`${demo.address}/accounts/${room.account_id}`)
    assert.match(await page.locator('[data-group]').innerText(), /由组合户缴费/)
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('a meter that holds kWh: the desk says what money buys, and the balance gets another owner', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address, { bypassCSP: true })
    const phone = await pageOpen(browser, demo.address, { bypassCSP: true, width: 360, height: 740, language: 'en' })
    await enterAs(page, demo.address, 'administrator')
    await enterAs(phone.page, demo.address, 'clerk')
    const { csrf_token: token } = await ask(page, demo.address, '/session')
    const post = async (path, data) => {
      const answer = await page.request.post(`${demo.address}/api/v1${path}`, { headers: { 'X-CSRF-Token': token }, data })
      assert.ok(answer.ok(), await answer.text())
      return answer.json()
    }
    const near = await richAccount(page)
    const { device_id: line } = await post('/concentrators', { area_id: near.area_id, address: '127.0.0.1:9', name: '商铺线路', kind: 'tcp' })
    const { device_id: device } = await post('/devices', { area_id: near.area_id, room: '商铺1', kind: 'electricity', profile: 'dlt645-2007-single-phase-prepaid-units', meter_number: '000000771234', parent_device_id: line })
    const { tariff_id: tariff } = await post('/tariffs', { name: '商铺电价', utility: 'electricity', effective_day: '2020-01-01', document: { utility: 'electricity', unit: 'kWh', items: [{ name: 'energy', price: '0.61' }] } })
    const { account_id: account } = await post('/accounts', { customer_id: near.customer_id, device_id: device, tariff_id: tariff, payment_mode: 'prepaid_meter' })
    await phone.page.goto(`${demo.address}/cash-desk?query=000000771234&account=${account}`)
    await phone.page.waitForSelector('#amount:enabled')
    await phone.page.focus('#amount')
    await phone.page.keyboard.press('Control+a')
    await phone.page.keyboard.type('50')
    await holds(phone.page, () => /81\.00\s+kWh for ¥49\.41[\s\S]*¥0\.59/.test(document.querySelector('#cash-effect').innerText))
    assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
    await look(phone.page, 'unit-quote-phone')
    await page.goto(`${demo.address}/customers/${near.customer_id}`)
    const card = page.locator('article.account', { has: page.locator(`a[href="/accounts/${account}"]`) })
    await card.getByRole('button', { name: '更换余额归属' }).click()
    await page.waitForSelector(`${dialog} select`)
    await page.locator(dialog).getByLabel('终抄读数').selectOption('estimated')
    await page.locator(dialog).getByLabel('原因').fill('改由平台计费')
    await page.locator(dialog).getByRole('button', { name: '试算' }).click()
    await page.waitForSelector(`${dialog} .figures`)
    assert.deepEqual(await violations(page), [])
    await look(page, 'owner-change')
    assert.deepEqual([...errors, ...phone.errors], [])
    await context.close()
    await phone.context.close()
  })
})

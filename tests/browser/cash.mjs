// The cashier's day without a mouse: a shift is opened, five people pay, the drawer is counted; a
// payment taken by mistake is undone by two people; a customer's phone pays by the desk's code. What a payment took in keys
// and time, its receipt with it, is printed.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, demoStart, enterAs, holds, pageOpen, portFree, standInStart, until } from './house.mjs'
import { violations } from './screens.mjs'

let demo
let browser
let standIn
let folder

before(async () => {
  const port = await portFree()
  folder = mkdtempSync(join(tmpdir(), 'meterworks-desk-'))
  standIn = await standInStart(folder, `http://127.0.0.1:${port}`)
  ;[demo, browser] = await Promise.all([demoStart({ meters: 100, households: 10, days: 10, speed: 1, port, channels: standIn.path }), browserStart()])
})
after(async () => {
  await browser?.close()
  await demo?.stop()
  await standIn?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What has the focus can be seen: it lies on the page and is drawn as focused. */
async function focusSeen(page) {
  return page.evaluate(() => {
    const at = document.activeElement
    const box = at?.getBoundingClientRect()
    const style = at ? getComputedStyle(at) : null
    return at !== document.body && box.width > 0 && box.height > 0 && (style.outlineStyle !== 'none' || style.boxShadow !== 'none')
  })
}

/** Every receipt that the page fetches, which is every one it prints. */
function receiptsWatch(page) {
  const fetched = []
  page.on('response', (reply) => {
    if (reply.url().endsWith('/receipt.pdf')) fetched.push(reply.status())
  })
  return fetched
}

/** One payment from the empty desk, with its receipt: how long it took. */
async function pay(page, account, amount, receipts) {
  const begun = Date.now()
  const printed = receipts.length
  await page.keyboard.type(account.meter_number)
  await page.waitForSelector('[role=option]')
  await page.keyboard.press('Enter')
  await holds(page, () => document.activeElement?.id === 'amount')
  assert.ok(await focusSeen(page))
  await page.keyboard.press('Control+a')
  await page.keyboard.type(amount)
  await page.waitForSelector('.effect')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter') // repeats nothing
  await until(() => receipts.length > printed)
  const took = Date.now() - begun
  await holds(page, () => document.activeElement?.id === 'find' && document.querySelector('.done') !== null)
  return took
}

async function accounts(page, count) {
  const { items } = await ask(page, demo.address, '/accounts?payment_mode=prepaid_platform&stage=good&limit=50')
  return items.filter((item) => item.meter_number).slice(0, count)
}

describe('the cash desk', () => {
  test('needs no mouse from the opening of a shift to its count', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address, { bypassCSP: true })
    let answer
    const pressed = new Promise((resolve) => (answer = resolve))
    await page.route('**/cash-desk/find?query=', async (route) => {
      await pressed
      await route.continue()
    })
    await enterAs(page, demo.address, 'clerk')
    await holds(page, () => document.activeElement?.id === 'find')
    await page.evaluate(() => {
      window.mouse = 0
      for (const kind of ['mousedown', 'click']) window.addEventListener(kind, (event) => (window.mouse += Number(event.isTrusted && event.detail > 0)), true)
    })
    const receipts = receiptsWatch(page)
    await page.keyboard.press('F8') // before the desk knows whether a shift is open
    answer()
    await holds(page, () => document.activeElement?.id === 'shift-float')
    assert.ok(await focusSeen(page))
    await page.keyboard.press('Control+a')
    await page.keyboard.type('200')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.shift-line a')
    await page.keyboard.press('F2')
    const times = []
    for (const account of await accounts(page, 5)) times.push(await pay(page, account, '50', receipts))
    const shift = (await ask(page, demo.address, '/cash-desk/find?query=')).shift
    assert.deepEqual([shift.payments, shift.cash_fen], [5, 25000])
    await page.keyboard.press('F9')
    await until(() => receipts.length === 6) // five prints and a counted reprint, all of the one document
    assert.deepEqual(receipts, [200, 200, 200, 200, 200, 200])
    await page.keyboard.press('F8')
    await page.waitForSelector('#counted')
    assert.deepEqual(await violations(page, '.el-dialog'), [])
    await page.keyboard.type('4') // four notes of a hundred
    await until(() => page.evaluate(() => document.querySelector('#counted').value === '400.00'))
    await page.focus('#counted')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('450')
    await page.keyboard.press('Enter')
    const closed = await until(async () => {
      const one = await ask(page, demo.address, `/cash-shifts/${shift.shift_id}`)
      return one.state === 'closed' ? one : null
    })
    assert.deepEqual([closed.expected_fen, closed.difference_fen], [45000, 0])
    assert.equal(await page.evaluate(() => window.mouse), 0)
    assert.deepEqual(errors, [])
    console.log(`# a payment: 3 key groups (find, amount, Enter), median ${times.sort((a, b) => a - b)[2]} ms of 5`)
    await context.close()
  })

  test('Enter takes whom it was pressed for, and nobody of an earlier question', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'clerk')
    const [account] = await accounts(page, 1)
    await page.fill('#find', account.customer_name)
    await page.waitForSelector('#found-accounts [role=option]')
    await page.route(`**/cash-desk/find?query=${account.meter_number}`, () => undefined) // its answer never comes
    await page.fill('#find', account.meter_number)
    await page.keyboard.press('Enter')
    await Promise.all([page.waitForResponse((reply) => reply.url().endsWith(`query=${account.meter_number}X`)), page.keyboard.type('X')])
    await page.waitForSelector('#found-accounts [role=option]', { state: 'hidden' })
    assert.ok(await page.locator('#amount').isDisabled(), 'nobody is taken')
    await context.close()
  })

  test('offers a shift at the first payment, and a mistake is undone by a second person', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'clerk')
    const [account] = await accounts(page, 1)
    await holds(page, () => document.activeElement?.id === 'find')
    await pay(page, account, '70', receiptsWatch(page))
    const shift = (await ask(page, demo.address, '/cash-desk/find?query=')).shift
    assert.ok(shift.shift_id, 'the payment opened a shift')
    await page.click('.last button')
    await page.fill('#undo-reason', '输错金额')
    await page.click('.el-dialog button[type=submit]')
    await page.waitForSelector('.last .tag')
    await context.close()
    const second = await pageOpen(browser, demo.address)
    await enterAs(second.page, demo.address, 'administrator')
    await second.page.goto(`${demo.address}/shifts?tab=undos`)
    await second.page.click('tbody .button >> nth=0')
    await second.page.click('.el-dialog button[type=submit]')
    await until(async () => (await ask(second.page, demo.address, `/cash-shifts/${shift.shift_id}`)).cash_fen === shift.cash_fen - 7000)
    assert.equal((await ask(second.page, demo.address, `/accounts/${account.account_id}`)).balance_fen, account.balance_fen)
    assert.equal((await ask(second.page, demo.address, '/ledger/trial-balance')).balanced, true)
    await second.context.close()
  })
})

describe('the customer’s phone', () => {
  const orderOf = (page, account) => ask(page, demo.address, `/payment-orders?account_id=${account.account_id}`).then(({ items }) => items[0])
  const scan = (order) => fetch(`${standIn.address}/ctl/pay?number=${order.trade_number}`)

  /** From the empty desk to the code on its screen. */
  async function codeShow(page, account, amount) {
    await page.fill('#find', account.meter_number)
    await page.waitForSelector('[role=option]')
    await page.keyboard.press('Enter')
    await holds(page, () => document.activeElement?.id === 'amount')
    await page.fill('#amount', amount)
    while ((await page.locator('.segments [aria-pressed=true]').innerText()) !== '微信') await page.keyboard.press('F6')
    await page.keyboard.press('Enter')
    await holds(page, () => document.querySelector('[data-desk-code] img')?.naturalWidth > 0)
  }

  test('pays by the desk’s code, and the desk says so and prints; a cancelled one that is paid late is said too', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address, { bypassCSP: true })
    await enterAs(page, demo.address, 'clerk')
    await holds(page, () => document.activeElement?.id === 'find')
    const receipts = receiptsWatch(page)
    const [account] = await accounts(page, 1)
    await codeShow(page, account, '30')
    assert.deepEqual(await violations(page, '.el-dialog'), [])
    await page.reload() // the code is still there afterwards
    await holds(page, () => document.querySelector('[data-desk-code] img')?.naturalWidth > 0)
    const order = await orderOf(page, account)
    const begun = Date.now()
    await scan(order)
    await page.waitForSelector('.done')
    console.log(`# the desk says paid ${Date.now() - begun} ms after the customer has`)
    await until(() => receipts.length === 1)
    assert.equal((await ask(page, demo.address, `/accounts/${account.account_id}`)).balance_fen, account.balance_fen + 3000)

    await codeShow(page, account, '31')
    await page.keyboard.press('Escape')
    await page.waitForSelector('[data-desk-code]', { state: 'hidden' })
    const cancelled = await orderOf(page, account)
    await until(async () => (await ask(page, demo.address, `/payment-orders/${cancelled.payment_order_id}`)).state === 'closed')
    await scan(cancelled)
    await page.waitForSelector('[data-late]')
    assert.equal((await ask(page, demo.address, `/accounts/${account.account_id}`)).balance_fen, account.balance_fen + 6100)
    assert.equal((await ask(page, demo.address, '/ledger/trial-balance')).balanced, true)
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('an amount far above what the customer usually pays is asked about once', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'clerk')
    const [account] = await accounts(page, 1)
    const { usual_fen: usual } = (await ask(page, demo.address, `/cash-desk/find?query=${account.meter_number}`)).items[0]
    await holds(page, () => document.activeElement?.id === 'find')
    await page.fill('#find', account.meter_number)
    await page.waitForSelector('[role=option]')
    await page.keyboard.press('Enter')
    await page.fill('#amount', String((usual * 5 + 1) / 100))
    await page.keyboard.press('Enter')
    await page.waitForSelector('.note.warn[role=alert]')
    assert.equal((await ask(page, demo.address, `/accounts/${account.account_id}`)).balance_fen, account.balance_fen)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.done')
    assert.equal((await ask(page, demo.address, `/accounts/${account.account_id}`)).balance_fen, account.balance_fen + usual * 5 + 1)
    await context.close()
  })
})

describe('a bank statement', () => {
  test('is checked line by line, booked, and what is nobody’s gets an owner with a click', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address, { bypassCSP: true })
    await enterAs(page, demo.address, 'administrator')
    const [account] = await accounts(page, 1)
    const before = (await ask(page, demo.address, `/accounts/${account.account_id}`)).balance_fen
    const rows = [`2026-11-20,12.00,x,${account.customer_number},T-1`, `2026-11-20,34.00,${account.customer_name},水费,T-2`, '2026-11-20,-1.00,x,y,T-3']
    await page.goto(`${demo.address}/bank`)
    await page.fill('#bank-name', '工行')
    await page.setInputFiles('input[type=file]', { name: '流水.csv', mimeType: 'text/csv', buffer: Buffer.from(`交易时间,收入,对方户名,附言,流水号\n${rows.join('\n')}\n`) })
    await page.click('form button[type=submit]')
    await page.waitForURL((url) => /^\/bank\/\d+$/.test(url.pathname))
    await page.waitForSelector('tbody tr >> nth=2')
    assert.deepEqual(await violations(page, 'main'), [])
    await page.click('header .button.primary')
    await page.click('.el-dialog button[type=submit]')
    const statement = Number(new URL(page.url()).pathname.split('/').pop())
    await until(async () => (await ask(page, demo.address, `/bank-statements/${statement}`)).state === 'booked')
    assert.equal((await ask(page, demo.address, `/accounts/${account.account_id}`)).balance_fen, before + 1200)
    await page.goto(`${demo.address}/bank?tab=suspense`)
    await page.click('tbody .button >> nth=0')
    await until(async () => (await ask(page, demo.address, '/bank-lines?state=suspense')).items.length === 0)
    assert.equal((await ask(page, demo.address, '/ledger/trial-balance')).balanced, true)
    assert.deepEqual(errors, [])
    await context.close()
  })
})

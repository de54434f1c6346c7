// The cashier's day without a mouse: a shift is opened, five people pay, the drawer is counted; a
// payment taken by mistake is undone by two people. What a payment took in keys and time is printed.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, demoStart, enterAs, holds, pageOpen, until } from './house.mjs'
import { violations } from './screens.mjs'

let demo
let browser

before(async () => {
  ;[demo, browser] = await Promise.all([demoStart({ meters: 100, households: 10, days: 10, speed: 1 }), browserStart()])
})
after(async () => {
  await browser?.close()
  await demo?.stop()
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

/** One payment from the empty desk: its key groups and how long it took. */
async function pay(page, account, amount) {
  const begun = Date.now()
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
  await holds(page, () => document.activeElement?.id === 'find' && document.querySelector('.done') !== null)
  return Date.now() - begun
}

async function accounts(page, count) {
  const { items } = await ask(page, demo.address, '/accounts?payment_mode=prepaid_platform&stage=good&limit=50')
  return items.filter((item) => item.meter_number).slice(0, count)
}

describe('the cash desk', () => {
  test('needs no mouse from the opening of a shift to its count', async () => {
    const { context, page, errors } = await pageOpen(browser, demo.address, { bypassCSP: true })
    await enterAs(page, demo.address, 'clerk')
    await holds(page, () => document.activeElement?.id === 'find')
    await page.evaluate(() => {
      window.mouse = 0
      for (const kind of ['mousedown', 'click']) window.addEventListener(kind, (event) => (window.mouse += Number(event.isTrusted && event.detail > 0)), true)
    })
    await page.keyboard.press('F8')
    await holds(page, () => document.activeElement?.id === 'shift-float')
    assert.ok(await focusSeen(page))
    await page.keyboard.press('Control+a')
    await page.keyboard.type('200')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.shift-line a')
    await page.keyboard.press('F2')
    const times = []
    for (const account of await accounts(page, 5)) times.push(await pay(page, account, '50'))
    const shift = (await ask(page, demo.address, '/cash-desk/find?query=')).shift
    assert.deepEqual([shift.payments, shift.cash_fen], [5, 25000])
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

  test('offers a shift at the first payment, and a mistake is undone by a second person', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'clerk')
    const [account] = await accounts(page, 1)
    await holds(page, () => document.activeElement?.id === 'find')
    await pay(page, account, '70')
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

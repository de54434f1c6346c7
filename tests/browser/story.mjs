// The operator's and the cashier's day in a real browser against the demonstration: a reading
// arrives, a meter is opened, a customer is cut off, pays at the counter, and the valve opens.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, demoStart, enterAs, holds, pageOpen, speedSet, until } from './house.mjs'

let demo
let browser

before(async () => {
  ;[demo, browser] = await Promise.all([demoStart(), browserStart()])
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** An account that pays into the platform and whose supply is on. */
async function accountChoose(page) {
  const { items } = await ask(page, demo.address, '/accounts?payment_mode=prepaid_platform&stage=good&limit=50')
  const account = items.find((item) => item.device_id && item.valve_state === 0 && item.balance_fen > 0)
  assert.ok(account, 'the town has an account that pays in advance')
  return account
}

describe('a day at the console', () => {
  test('the operator lands on the board and sees a cell for every meter', async () => {
    const { context, page, strangers, errors } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'operator')
    assert.equal(new URL(page.url()).pathname, '/board')
    await page.waitForSelector('canvas')
    const board = await ask(page, demo.address, '/board')
    const shown = await page.locator('.counts [data-count]').allInnerTexts()
    assert.equal(shown.map((text) => Number(text.replace(/,/g, ''))).reduce((a, b) => a + b, 0), board.counts.total)
    await page.click('canvas >> nth=0', { position: { x: 10, y: 10 } })
    await page.waitForSelector('.el-drawer a[href^="/meters/"]')
    assert.deepEqual(strangers, [])
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('a reading arrives while someone watches', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'administrator')
    await speedSet(page, demo.address, 4320)
    await page.waitForSelector('.first-reading')
    assert.match(await page.locator('.first-reading').innerText(), /m³|kWh/)
    await speedSet(page, demo.address, 60)
    await context.close()
  })

  test('a valve is closed only with a reason and the meter’s own digits, and never shown done before it is', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'operator')
    await speedSet(page, demo.address, 1)
    const account = await accountChoose(page)
    await page.goto(`${demo.address}/meters/${account.device_id}`)
    await page.click('header .button.danger')
    const send = page.locator('.el-dialog button[type=submit]')
    assert.equal(await send.isDisabled(), true)
    const fields = page.locator('.el-dialog input')
    await fields.nth(0).fill('住户要求')
    await fields.nth(1).fill('0000x')
    assert.equal(await send.isDisabled(), true)
    await fields.nth(1).fill(account.meter_number.slice(-4))
    await Promise.all([page.waitForResponse((reply) => reply.request().method() === 'POST' && reply.url().endsWith('/commands')), send.click()])
    await page.waitForSelector('.el-dialog', { state: 'hidden' })
    const { items } = await ask(page, demo.address, `/devices/${account.device_id}/commands`)
    const command = items.find((item) => item.kind === 'close_valve' && item.reason === '住户要求')
    assert.ok(command, JSON.stringify(items))
    if (command.state !== 'verified') assert.equal(await page.locator('.lines .tick').count(), 0)
    await speedSet(page, demo.address, 4320)
    await until(async () => (await ask(page, demo.address, `/commands/${command.command_id}`)).state === 'verified')
    await speedSet(page, demo.address, 60)
    await until(async () => (await page.locator('.command-state .tick').count()) > 0)
    await context.close()
  })

  test('a payment at the counter takes three actions, is booked once, and opens the valve', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'clerk')
    assert.equal(new URL(page.url()).pathname, '/cash-desk')
    await speedSet(page, demo.address, 4320)
    const closed = await until(async () => {
      const { items } = await ask(page, demo.address, '/accounts?payment_mode=prepaid_platform&stage=cut&limit=20')
      return items.find((item) => item.valve_state === 1)
    }, 300000)
    await speedSet(page, demo.address, 1)
    const before = await ask(page, demo.address, `/accounts/${closed.account_id}`)
    let posts = 0
    let receipts = 0
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/payments')) posts += 1
      if (request.url().endsWith('/receipt.pdf')) receipts += 1
    })
    await page.keyboard.press('F2')
    await holds(page, () => document.activeElement?.id === 'find')
    await page.keyboard.type(closed.meter_number)
    await page.waitForSelector('[role=option]')
    await page.keyboard.press('Enter')
    await holds(page, () => document.activeElement?.id === 'amount')
    await page.keyboard.type('250')
    await page.locator('.effect', { hasText: '开阀' }).waitFor() // it says before Enter that the valve will open
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.done')
    await until(() => receipts > 0)
    assert.equal(posts, 1, 'a second Enter repeats nothing')
    assert.equal(receipts, 1, 'its receipt is printed, once')
    const { items: payments } = await ask(page, demo.address, `/payments?account_id=${closed.account_id}&limit=20`)
    assert.equal(payments[0].amount_fen, 25000)
    assert.ok((await page.locator('.done').innerText()).includes(payments[0].receipt))
    const after = await ask(page, demo.address, `/accounts/${closed.account_id}`)
    assert.equal(after.balance_fen - before.balance_fen, 25000)
    await speedSet(page, demo.address, 4320)
    await until(async () => (await ask(page, demo.address, `/devices/${closed.device_id}`)).valve_state === 0)
    await page.goto(`${demo.address}/meters/${closed.device_id}?tab=commands`)
    await page.waitForSelector('.command-state')
    assert.match(await page.locator('tbody tr >> nth=0').innerText(), /开阀/)
    const balance = await ask(page, demo.address, '/ledger/trial-balance')
    assert.equal(balance.balanced, true)
    await context.close()
  })

  test('the same key twice is one payment', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'clerk')
    const account = await accountChoose(page)
    const session = await ask(page, demo.address, '/session')
    const send = async () => {
      const reply = await page.request.post(`${demo.address}/api/v1/payments`, { headers: { 'X-CSRF-Token': session.csrf_token }, data: { account_id: account.account_id, amount_fen: 1234, method: 'cash', key: 'browser-test-key-1' } })
      return reply.json()
    }
    const first = await send()
    const second = await send()
    assert.equal(second.receipt, first.receipt)
    assert.equal(second.duplicate, true)
    await context.close()
  })

  test('picking a Chinese candidate with Enter takes no money', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'clerk')
    const account = await accountChoose(page)
    await holds(page, () => document.activeElement?.id === 'find')
    await page.keyboard.type(account.meter_number)
    await page.waitForSelector('[role=option]')
    await page.keyboard.press('Enter')
    await holds(page, () => document.activeElement?.id === 'amount')
    await page.keyboard.type('10')
    let posts = 0
    page.on('request', (request) => (posts += Number(request.method() === 'POST')))
    await page.locator('#amount').dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })
    const { items } = await ask(page, demo.address, `/payments?account_id=${account.account_id}&limit=20`)
    assert.ok(items.every((payment) => payment.amount_fen !== 1000))
    assert.equal(posts, 0)
    await context.close()
  })

  test('a viewer is shown no action and no full name', async () => {
    const { context, page } = await pageOpen(browser, demo.address)
    await enterAs(page, demo.address, 'viewer')
    await page.goto(`${demo.address}/customers`)
    await page.waitForSelector('tbody tr')
    assert.match(await page.locator('tbody tr >> nth=0').innerText(), /\*/)
    assert.equal(await page.locator('a[href="/cash-desk"]').count(), 0)
    await page.goto(`${demo.address}/cash-desk`)
    await page.waitForURL((url) => url.pathname !== '/cash-desk')
    await context.close()
  })
})

// The frame explainer as people use it: examples, several frames, streams, a key, damage, keyboard,
// both themes, phone width, no accessibility violation.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, browserStart, demoStart, enterAs, pageOpen } from './house.mjs'
import { violations, wordsMissing, wordsWatch } from './screens.mjs'

const RECHARGE = '42021234abcdb533333432340130013610ff303d2737272c313d273530303027'
const DAMAGED = '40010000f0ff00'
const LOOKED_AT = ['dlt645', 'wmbus'] // one with few rows, one with all kinds of rows and a key
const KEY = '000102030405060708090a0b0c0d0e0f'

let demo
let browser

before(async () => {
  ;[demo, browser] = await Promise.all([demoStart({ meters: 20, days: 3, speed: 1 }), browserStart()])
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

async function explainerOpen(options) {
  const opened = await pageOpen(browser, demo.address, options)
  await enterAs(opened.page, demo.address, 'administrator')
  await opened.page.goto(`${demo.address}/explainer`)
  await opened.page.waitForSelector('[data-sample=coap]')
  return opened
}

async function explain(page, text) {
  await page.fill('#frame-hex', text)
  await page.click('form button[type=submit]')
  await page.waitForSelector('.frame [data-valid]')
}

describe('the frame explainer', () => {
  for (const [language, theme] of [['zh', 'light'], ['en', 'dark']]) {
    test(`explains an example of every protocol, accessibly, in ${language} and ${theme}`, async () => {
      const { context, page, strangers, errors } = await explainerOpen({ language, theme, bypassCSP: true })
      await wordsWatch(page)
      const { items } = await ask(page, demo.address, '/decode')
      const samples = await page.$$eval('[data-sample]', (buttons) => buttons.map((button) => button.dataset.sample))
      assert.ok(samples.length > 0 && samples.every((name) => items.some((item) => item.name === name)))
      for (const name of samples) {
        await page.click(`[data-sample=${name}]`)
        const title = items.find((item) => item.name === name)[`name_${language}`]
        await page.locator('.frame h2', { hasText: title }).waitFor()
        assert.equal(await page.locator('.frame .tag.good').count(), 1, name)
        assert.ok((await page.locator('.frame tbody tr[data-row]').count()) > 5, name)
        await page.locator('form button[type=submit]:enabled').waitFor()
        if (LOOKED_AT.includes(name)) assert.deepEqual(await violations(page), [], name)
      }
      await explain(page, `${RECHARGE}\n${DAMAGED}`)
      await page.locator('.entry').nth(1).click()
      assert.deepEqual(await violations(page), [])
      assert.deepEqual(await wordsMissing(page), [])
      assert.deepEqual(strangers, [])
      assert.deepEqual(errors, [])
      await context.close()
    })
  }

  test('lights the bytes of a field and the field of a byte', async () => {
    const { context, page } = await explainerOpen({ language: 'en' })
    await explain(page, RECHARGE)
    await page.locator('tr[data-row]', { hasText: 'message ID' }).hover()
    assert.deepEqual(await page.locator('.byte.lit').allInnerTexts(), ['12', '34'])
    await page.locator('.byte').nth(4).hover()
    assert.match(await page.locator('tr.pointed').innerText(), /token\s+abcd/)
    await context.close()
  })

  test('is walked by the keyboard alone', async () => {
    const { context, page } = await explainerOpen({ language: 'en' })
    await page.focus('#frame-hex')
    await page.keyboard.type(RECHARGE)
    await page.keyboard.press('Control+Enter')
    await page.waitForSelector('.frame tr[data-row]')
    const rows = await page.locator('tr[data-row]').count()
    await page.focus('tr[data-row="0"]')
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    assert.match(await page.evaluate(() => document.activeElement.innerText), /payload/)
    await page.keyboard.press('ArrowLeft')
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-expanded')), 'false')
    assert.equal(await page.locator('tr[data-row]').count(), rows - 2)
    await page.keyboard.press('ArrowRight')
    assert.equal(await page.locator('tr[data-row]').count(), rows)
    assert.ok((await page.locator('.byte.lit').count()) > 10)
    await context.close()
  })

  test('shows a damaged frame up to the place, and why', async () => {
    const { context, page } = await explainerOpen({ language: 'en' })
    await explain(page, DAMAGED)
    assert.match(await page.locator('.frame .note.danger').innerText(), /stopped at byte 4: a reserved value is used/)
    assert.equal(await page.locator('.byte.unread').count(), 3)
    assert.equal(await page.locator('tr[data-row]').count(), 5)
    await context.close()
  })

  test('tells several lines apart and says which one is no frame', async () => {
    const { context, page } = await explainerOpen({ language: 'en' })
    await explain(page, `10:15:30 TX: ${RECHARGE}\nzz\n6000eff6`)
    assert.equal(await page.locator('.entry').count(), 3)
    await page.locator('.entry').nth(1).click()
    assert.match(await page.locator('.frame').innerText(), /No frame/)
    await page.locator('.entry').nth(2).click()
    assert.match(await page.locator('.frame').innerText(), /61430/)
    await context.close()
  })

  test('sends the key with the request, shows it nowhere and keeps it nowhere', async () => {
    const { context, page } = await explainerOpen({ language: 'en' })
    const key = page.getByLabel('Key (optional)')
    assert.equal(await key.getAttribute('type'), 'password')
    await key.fill('1234')
    assert.match(await page.locator('form .problem').innerText(), /32 hexadecimal digits; there are 4/)
    await key.fill(KEY)
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/decode'))
    await explain(page, RECHARGE)
    assert.equal((await sent).postDataJSON().key, KEY)
    assert.ok(!(await page.locator('main').innerText()).includes(KEY) && !page.url().includes(KEY))
    assert.ok(!(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).includes(KEY))
    await page.reload()
    assert.equal(await page.getByLabel('Key (optional)').inputValue(), '')
    await context.close()
  })

  test('saves what it explained as JSON', async () => {
    const { context, page } = await explainerOpen({ language: 'en' })
    await explain(page, RECHARGE)
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Download JSON')])
    assert.equal(download.suggestedFilename(), 'coap.json')
    const parts = []
    for await (const part of await download.createReadStream()) parts.push(part)
    assert.equal(JSON.parse(Buffer.concat(parts).toString()).bytes, RECHARGE)
    await context.close()
  })

  test('fits a phone', async () => {
    const { context, page, errors } = await explainerOpen({ language: 'en', width: 360, height: 740, bypassCSP: true })
    for (const name of await page.$$eval('[data-sample]', (buttons) => buttons.map((button) => button.dataset.sample))) {
      await page.click(`[data-sample=${name}]`)
      await page.waitForSelector('.frame .tag.good')
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, name)
    }
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(errors, [])
    await context.close()
  })
})

// A resident's phone in a real browser, 360 by 740: bound by user name and password, paid in three taps, supplied again.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { browserStart, pageOpen, until } from './house.mjs'
import { residentHouseStart } from './resident_house.mjs'
import { violations, wordsMissing, wordsWatch } from './screens.mjs'

const PHONE = { width: 360, height: 740 }
const OWN_PASSWORD = '荔枝湾的水很甜2026'
const FIRST_LOAD_LIMIT = 200 * 1024 // bytes on the wire
let house
let browser

before(async () => {
  ;[house, browser] = await Promise.all([residentHouseStart(), browserStart()])
})
after(async () => {
  await browser?.close()
  await house?.close()
})

async function typeIn(page, login, password) {
  await page.fill('#login', login)
  await page.fill('#password', password)
  await page.click('button[type=submit]')
}

async function phoneBound({ login = '100482', ...options } = {}) {
  const opened = await pageOpen(browser, house.address, { ...PHONE, ...options })
  await opened.page.goto(`${house.address}/resident`)
  await opened.page.waitForSelector('#login')
  await typeIn(opened.page, login, OWN_PASSWORD)
  await opened.page.waitForSelector('[data-balance]')
  return opened
}

/** What is wrong with the screen that stands: for those who cannot see it well, on a narrow phone, under a thumb. */
async function wrongs(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  const low = await page.evaluate(() => [...document.querySelectorAll('button, a.button, select, .rows > .row, nav a')].filter((item) => item.getBoundingClientRect().height < 48).map((item) => item.outerHTML.slice(0, 80)))
  const found = [...(await violations(page)), ...low.map((item) => `low ${item}`), ...(wide > 0 ? [`${wide} px too wide`] : [])]
  return found.map((problem) => `${name} ${problem}`)
}

const balance = (page) => page.locator('[data-balance]').innerText()

describe('a resident', { concurrency: false }, () => {
  test('binds with the slip from the cash desk and chooses a password', async () => {
    const { password } = await house.call('POST', `/customers/${house.customer}/resident`, {})
    const { context, page, strangers, errors } = await pageOpen(browser, house.address, PHONE)
    const wire = await context.newCDPSession(page)
    let bytes = 0
    await wire.send('Network.enable')
    wire.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength))
    await page.goto(`${house.address}/resident`)
    await page.waitForSelector('#login')
    await typeIn(page, '100482', 'not-the-password')
    await page.waitForSelector('[role=alert]')
    await typeIn(page, '100482', password)
    await page.waitForSelector('#chosen')
    await page.fill('#chosen', OWN_PASSWORD)
    await page.fill('#repeated', OWN_PASSWORD)
    await page.fill('#phone', '妈妈的手机')
    await page.click('button[type=submit]')
    await page.waitForSelector('[data-balance]')
    assert.equal(await balance(page), '¥0.00')
    assert.equal(await page.locator('[data-supply]').getAttribute('data-supply'), 'off')
    console.log(`# first load up to the balance: ${Math.round(bytes / 1024)} KiB on the wire`)
    assert.ok(bytes < FIRST_LOAD_LIMIT, `${bytes} bytes`)
    assert.deepEqual(strangers, [])
    assert.deepEqual(errors.filter((text) => !text.includes('409')), []) // the first password's answer
    await context.close()
  })

  test('pays in three taps and has power again without doing anything else', async () => {
    const { context, page } = await phoneBound()
    let taps = 0
    const tap = async (selector) => {
      taps += 1
      await page.click(selector)
    }
    await tap('[data-pay]')
    await page.waitForSelector('[data-submit]')
    await tap('[data-amount="10000"]')
    assert.match(await page.locator('form').innerText(), /自动恢复/)
    await tap('[data-submit]')
    await page.waitForURL((url) => url.pathname === '/cash')
    assert.equal(taps, 3)
    const began = Date.now()
    await page.click('#confirm') // the channel's own password
    await page.waitForSelector('[data-step=end][data-done=true]')
    console.log(`# from the channel's yes to power: ${((Date.now() - began) / 1000).toFixed(1)} s`)
    await page.click('[data-tab=home]')
    await page.waitForSelector('[data-supply=on]')
    assert.equal(await balance(page), '¥100.00')
    await page.waitForSelector('[data-progress] [data-step=end][data-done=true]')
    await context.close()
  })

  test('comes back without paying; the callback comes late and three times', async () => {
    const { context, page } = await phoneBound()
    await page.click('[data-tab=pay]')
    await page.waitForSelector('[data-channel=alipay]')
    await page.click('[data-channel=alipay]')
    await page.fill('#other', '12,3')
    assert.equal(await page.locator('[data-submit]').isDisabled(), false)
    await page.fill('#other', '12.345')
    assert.equal(await page.locator('[data-submit]').isDisabled(), true)
    await page.fill('#other', '12.34')
    await page.click('[data-submit]')
    await page.waitForURL((url) => url.pathname.startsWith('/alipay'))
    await page.click('main > a')
    await page.waitForSelector('[data-order=pending]')
    assert.match(await page.locator('[data-step=paid]').innerText(), /等待您付款/)
    const { items } = await house.call('GET', '/payment-orders?state=pending')
    const reply = await fetch(`${house.channelAddress}/ctl/pay?number=${items[0].trade_number}&copies=3`)
    assert.deepEqual((await reply.json()).statuses, [200, 200, 200])
    await page.waitForSelector('[data-order=paid]')
    assert.match(await page.locator('[data-step=nothing]').innerText(), /不需要操作表计/)
    await page.click('[data-tab=home]')
    await until(async () => (await balance(page)) === '¥112.34')
    await page.click('[data-tab=usage]')
    await page.click('[data-view=payments]')
    await until(async () => (await page.locator('.rows > .row').count()) === 2)
    await context.close()
  })

  test('pays inside WeChat, which says who pays and keeps its own window over the page', async () => {
    const { context, page, errors } = await pageOpen(browser, house.address, { ...PHONE, userAgent: 'Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50' })
    await context.addInitScript(() => {
      window.WeixinJSBridge = { invoke: (name, parameters) => localStorage.setItem('invoked', JSON.stringify([name, parameters])) }
    })
    await page.goto(`${house.address}/resident/wechat?code=planted&state=planted`) // what nobody asked for leads home
    await page.waitForSelector('#login')
    assert.equal(await page.evaluate(() => localStorage.getItem('openid')), null)
    await typeIn(page, '100482', OWN_PASSWORD)
    await page.waitForSelector('[data-balance]')
    await page.click('[data-tab=pay]') // to WeChat's log-in and back
    await page.waitForSelector('[data-channel=wechat]')
    assert.equal(new URL(page.url()).pathname, '/resident/top-up')
    assert.equal(await page.evaluate(() => localStorage.getItem('openid')), 'oTest0000000000000000000001')
    await page.click('[data-amount="5000"]')
    await page.click('[data-submit]')
    await page.waitForSelector('[data-order=pending]')
    const [name, parameters] = JSON.parse(await page.evaluate(() => localStorage.getItem('invoked')))
    assert.equal(name, 'getBrandWCPayRequest')
    assert.deepEqual([parameters.appId, parameters.signType], ['wx1234567890abcdef', 'RSA'])
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('is told how long a lock lasts, and finds nothing of a neighbour', async () => {
    await house.call('POST', `/customers/${house.neighbour}/resident`, {})
    const { context, page } = await phoneBound()
    const stranger = await pageOpen(browser, house.address, PHONE)
    await stranger.page.goto(`${house.address}/resident`)
    await stranger.page.waitForSelector('#login')
    for (let i = 0; i < 5; i += 1) await assert.rejects(house.call('POST', '/resident/bind', { login: '100483', password: `guess ${i}` }), /wrong_password/)
    await typeIn(stranger.page, '100483', 'guess 6')
    await until(async () => /请 \d+ 秒后再试/.test((await stranger.page.locator('[role=alert]').allInnerTexts()).join()))
    await page.goto(`${house.address}/resident/bills/1`)
    await page.waitForSelector('[role=alert]')
    await page.goto(`${house.address}/resident/pay?bill=1&code=0000000000000000`)
    await page.waitForSelector('[role=alert]')
    assert.match(await page.locator('[role=alert]').innerText(), /链接不正确/)
    await stranger.context.close()
    await context.close()
  })

  test('sees hot water by use and by day, and asks for an invoice', async () => {
    const { password } = await house.call('POST', `/customers/${house.student}/resident`, {})
    await house.call('POST', '/resident/bind', { login: '100484', password, new_password: OWN_PASSWORD })
    const { context, page, errors } = await phoneBound({ login: '100484', language: 'en', theme: 'dark', bypassCSP: true })
    await wordsWatch(page)
    await page.click('[data-tab=hot]')
    await page.waitForSelector('[data-use=pending]')
    assert.match(await page.locator('[data-held]').innerText(), /¥3\.00/)
    assert.match(await page.locator('[data-use=posted]').innerText(), /¥0\.96/)
    const found = await wrongs(page, 'hot')
    await page.click('[data-tab=usage]')
    await page.click('[data-view=invoices]')
    await page.click('[data-invoice-ask]')
    await page.click('[data-company]')
    await page.fill('#invoice-title', '云山学院后勤有限公司')
    await page.fill('#invoice-number', '91350200ma2t3xt990') // its last digit is wrong
    await page.fill('#invoice-email', 'nobody')
    assert.equal(await page.locator('[data-invoice-submit]').isDisabled(), true)
    found.push(...(await wrongs(page, 'form')))
    await page.fill('#invoice-number', '91350200 MA2T3XT99T')
    await page.fill('#invoice-email', 'cw@example.cn')
    await page.click('[data-invoice-submit]')
    await page.waitForSelector('[data-invoice=asked]')
    assert.equal(await page.locator('[data-invoice-ask]').count(), 0)
    found.push(...(await wrongs(page, 'invoices')))
    assert.deepEqual(found, [])
    assert.deepEqual(await wordsMissing(page), [])
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('reads every page in both languages, light and dark, small and large', async () => {
    for (const [language, theme] of [['zh', 'light'], ['en', 'dark']]) {
      const { context, page, strangers, errors } = await phoneBound({ language, theme, bypassCSP: true })
      await wordsWatch(page)
      const found = []
      for (const tab of ['home', 'pay', 'usage', 'me']) {
        await page.click(`[data-tab=${tab}]`)
        await page.waitForSelector('.screen .card')
        if (tab === 'me') await page.click('[data-large]')
        found.push(...(await wrongs(page, tab)))
      }
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '20.8px')
      assert.deepEqual(found, [])
      assert.deepEqual(await wordsMissing(page), [])
      assert.deepEqual(strangers, [])
      assert.deepEqual(errors, [])
      await context.close()
    }
  })
})

// One demonstration and one browser for a file of tests: `meterworks demo` on a free port with a
// small town, Debian's Chromium, and nothing else on the network.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The server under test. */
export const PROGRAM = process.env.METERWORKS ?? `${ROOT}build/meterworks`
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** How long a test waits for anything: no test says how fast a page is, and a machine may be slow and loaded. */
const LIMIT_MS = 150000
const START_LIMIT_MS = 300000

/** A port that nobody listens on. */
export function portFree() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** A program that prints what it offers, line by line; resolves once `count` lines are there. */
export function programStart(command, words, count) {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const lines = new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (part) => {
      text += part
      if (text.split('\n').length > count) resolve(text.trim().split('\n'))
    })
    ended.then((code) => reject(new Error(`${command} ended with ${code}`)))
  })
  return { lines, stop: () => (child.kill('SIGTERM'), ended) }
}

/** Payment channels played on this machine; resolves with the file that names them and the address that `/ctl` is at. */
export async function standInStart(folder, server) {
  const program = programStart(`${ROOT}sim/channels/stand_in.py`, ['--folder', folder, '--server', server], 2)
  const [channels, http] = await program.lines
  return { path: channels.split(/\s+/)[1], address: `http://127.0.0.1:${http.split(/\s+/)[1]}`, stop: program.stop }
}

/** Starts the demonstration; resolves with its address once it prints it. */
export async function demoStart({ meters = 300, households = 20, days = 35, speed = 60, seed = 1, port = 0, channels = '', limitMs = START_LIMIT_MS } = {}) {
  if (process.env.DEMO_ADDRESS) return { address: process.env.DEMO_ADDRESS, stop: async () => undefined, kill: () => undefined }
  const child = spawn(PROGRAM, ['demo', '--port', String(port), ...(channels ? ['--channels', channels] : []), '--meters', String(meters), '--households', String(households), '--days', String(days), '--speed', String(speed), '--seed', String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const address = await new Promise((resolve, reject) => {
    let text = ''
    const limit = setTimeout(() => reject(new Error(`the demonstration did not start:\n${text}`)), limitMs)
    const read = (part) => {
      text += part
      const match = /http:\/\/[\d.]+:\d+/.exec(text)
      if (!match) return
      clearTimeout(limit)
      resolve(match[0])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    ended.then((code) => reject(new Error(`the demonstration ended with ${code}:\n${text}`)))
  })
  return {
    address,
    kill: (signal) => child.kill(signal),
    stop: async () => {
      child.kill('SIGINT')
      await ended
    },
  }
}

/** Starts simulated meters on a line behind a TCP socket; resolves with their port. */
export async function metersStart(options) {
  const child = spawn(PROGRAM, ['meters', '--listen', '127.0.0.1:0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (part) => resolve(Number(String(part).split(/\s/)[1])))
    ended.then((code) => reject(new Error(`the meters ended with ${code}`)))
  })
  return {
    port,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

export async function browserStart() {
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path))
  if (executablePath === undefined) throw new Error(`none of ${BROWSERS.join(', ')} is on this machine; tools/install_packages test brings chromium`)
  return chromium.launch({ executablePath, timeout: START_LIMIT_MS, args: ['--no-sandbox', '--disable-gpu'] })
}

/** A page in a language and theme that notes every request to another host and every script error. */
export async function pageOpen(browser, address, { language = 'zh', theme = 'light', width = 1280, height = 800, bypassCSP = false, userAgent } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, bypassCSP, userAgent, reducedMotion: 'reduce' })
  context.setDefaultTimeout(LIMIT_MS)
  await context.addInitScript(([l, t]) => {
    window.print = () => undefined // there is no printer
    if (window.top !== window) return // a receipt in the viewer of PDF
    localStorage.setItem('language', l)
    localStorage.setItem('theme', t)
  }, [language, theme])
  const page = await context.newPage()
  const strangers = []
  const errors = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== address) strangers.push(request.url())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/401|404/.test(message.text())) errors.push(message.text())
  })
  return { context, page, strangers, errors }
}

/** Signs in by the role buttons of the demonstration, as a newcomer would; the first page stands then. */
export async function enterAs(page, address, role) {
  await page.goto(`${address}/sign-in`)
  await page.click(`[data-role="${role}"]`)
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await page.waitForSelector('main h1')
}

/** GET an API path with the page's own session. */
export async function ask(page, address, path) {
  const reply = await page.request.get(`${address}/api/v1${path}`)
  if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`)
  return reply.json()
}

/** Waits until the condition holds, asking every 200 ms; for facts a page cannot show by itself. */
export async function until(condition, limitMs = LIMIT_MS) {
  const end = Date.now() + limitMs
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) throw new Error(`it did not come true in ${limitMs / 1000} s: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Asks the demonstration's clock to run at a speed. */
export async function speedSet(page, address, speed) {
  const session = await ask(page, address, '/session')
  const reply = await page.request.post(`${address}/api/v1/demo/speed`, { headers: { 'X-CSRF-Token': session.csrf_token }, data: { speed } })
  if (!reply.ok()) throw new Error(await reply.text())
}

/** Waits until a predicate holds inside the page. Playwright's own way needs eval, which the server's policy forbids. */
export async function holds(page, predicate, argument) {
  await until(() => page.evaluate(predicate, argument))
}

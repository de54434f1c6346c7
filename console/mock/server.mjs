// A stand-in for the server: the API's JSON over an invented town, and dist/ beside it, with the
// same content security policy. For work on the screens only; nothing here is true.
import { createServer } from 'node:http'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answers } from './answers.mjs'
import { NOW_S } from './town.mjs'

const PORT = Number(process.env.PORT ?? 8099)
const DIST = fileURLToPath(new URL('../dist', import.meta.url))
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' }
const POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"

function bodyOf(request) {
  return new Promise((resolve) => {
    let text = ''
    request.on('data', (part) => (text += part))
    request.on('end', () => resolve(text ? JSON.parse(text) : {}))
  })
}

function staticServe(path, response) {
  const asked = join(DIST, normalize(path))
  const file = asked.startsWith(DIST) && existsSync(asked) && statSync(asked).isFile() ? asked : join(DIST, 'index.html')
  response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff' })
  createReadStream(file).pipe(response)
}

function liveServe(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  let n = 0
  const timer = setInterval(() => {
    n += 1
    response.write(`event: tick\ndata: ${JSON.stringify({ now_s: NOW_S + n, frames: 12000 + n * 7 })}\n\n`)
    if (n % 3 === 0) response.write(`event: reading\ndata: ${JSON.stringify({ device_id: 12, meter_number: '031200004084', place: '榕荫花园 1栋 304', register_value: 7817000 + n * 1000, received_s: NOW_S + n })}\n\n`)
  }, 1000)
  response.on('close', () => clearInterval(timer))
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock')
  if (!url.pathname.startsWith('/api/v1/')) return staticServe(url.pathname, response)
  const path = url.pathname.slice('/api/v1'.length)
  if (path === '/live') return liveServe(response)
  const reply = answers(request.method, path, url.searchParams, await bodyOf(request), request.headers.cookie ?? '')
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  if (reply.cookie) headers['Set-Cookie'] = `${reply.cookie}; Path=/; HttpOnly; SameSite=Strict`
  response.writeHead(reply.status ?? 200, headers)
  response.end(JSON.stringify(reply.body))
}).listen(PORT, '127.0.0.1', () => process.stdout.write(`mock on http://127.0.0.1:${PORT}\n`))

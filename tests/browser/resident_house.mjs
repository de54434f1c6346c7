// An installation for residents: payment channels played on this machine, and an electricity meter on a line that is always
// there. Its relay is off and the account cut off: what a payment is for.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { metersStart, portFree, PROGRAM, programStart, standInStart, until } from './house.mjs'

const PASSWORD = 'a-long-test-password'
const METER = '000000004321'

class House {
  /** One request as the administrator. */
  async call(method, path, body) {
    const reply = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
    return reply.json()
  }

  async serve() {
    this.server = programStart(PROGRAM, ['serve', '--data', this.data, '--http', `127.0.0.1:${this.port}`, '--coap', 'off', '--coaps', 'off', '--lines', '127.0.0.1:0', '--channels', this.channels], 4)
    await this.server.lines
    this.token = null
    this.token = (await this.call('POST', '/session', { login: 'admin', password: PASSWORD, bearer: true })).token
  }

  async archiveMake() {
    const [root] = (await this.call('GET', '/areas')).items
    const estate = await this.call('POST', '/areas', { parent_area_id: root.area_id, kind: 'estate', name: '榕荫花园' })
    const area = (await this.call('POST', '/areas', { parent_area_id: estate.id, kind: 'building', name: '3栋' })).id
    const line = (await this.call('POST', '/concentrators', { area_id: area, address: `127.0.0.1:${this.meters.port}`, name: '3栋总线', kind: 'tcp', baud: 38400 })).device_id
    this.meter = (await this.call('POST', '/devices', { area_id: area, room: '1204', kind: 'electricity', profile: 'dlt645-2007-single-phase-prepaid', meter_number: METER, parent_device_id: line, password: '000000' })).device_id
    const document = { utility: 'electricity', unit: 'kWh', items: [{ name: 'energy', price: '0.60' }] }
    const tariff = (await this.call('POST', '/tariffs', { name: '居民用电', utility: 'electricity', effective_day: '2020-01-01', document })).tariff_id
    this.customer = (await this.call('POST', '/customers', { number: '100482', name: '陈佳怡', phones: '13800000417' })).customer_id
    this.account = (await this.call('POST', '/accounts', { customer_id: this.customer, device_id: this.meter, tariff_id: tariff, payment_mode: 'prepaid_platform', restore_fen: 2000 })).account_id
    this.neighbour = (await this.call('POST', '/customers', { number: '100483', name: '林志远' })).customer_id
    await this.hotWaterMake(area)
    await until(async () => (await this.call('GET', `/concentrators/${line}`)).connected)
  }

  /** A student's hot-water account: one use ended, one running. */
  async hotWaterMake(area) {
    const meter = (await this.call('POST', '/devices', { area_id: area, room: 'A5-312', kind: 'hot_water', meter_number: '222000000312', imei: '862220000000312', security: 'plain' })).device_id
    const document = { utility: 'hot_water', unit: 'm3', items: [{ name: 'hot_water', price: '25.00' }] }
    const tariff = (await this.call('POST', '/tariffs', { name: '宿舍热水', utility: 'hot_water', effective_day: '2020-01-01', document })).tariff_id
    this.student = (await this.call('POST', '/customers', { number: '100484', name: '周子轩' })).customer_id
    const tap = (await this.call('POST', '/accounts', { customer_id: this.student, device_id: meter, tariff_id: tariff, payment_mode: 'prepaid_platform' })).account_id
    await this.call('POST', '/payments', { account_id: tap, amount_fen: 2000, method: 'cash', key: 'student-tops-up' })
    const [ended] = await Promise.all([1, 2].map((use) => this.call('POST', `/accounts/${tap}/holds`, { amount_fen: 300, item: 'hot_water', duration_s: 3600, key: `student-use-${use}` })))
    await this.call('POST', `/holds/${ended.hold_id}/settle`, { amount_fen: 96 })
    await this.call('PUT', '/settings/invoice_seller_tax_number', { value: '91440101MA59T3XT0A' })
  }

  /** Switched off as arrears would have done it. */
  async cutOff() {
    const { command_id } = await this.call('POST', `/devices/${this.meter}/commands`, { kind: 'close_valve', reason: '欠费' })
    const { state, outcome } = await until(async () => {
      const command = await this.call('GET', `/commands/${command_id}`)
      return command.finished_s === null ? null : command
    })
    if (state !== 'verified') throw new Error(`the relay was not opened: ${state} ${outcome}`)
    await this.server.stop()
    const done = spawnSync('python3', ['-c', "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute(\"UPDATE account SET stage = 'cut'\"); d.commit()", join(this.data, 'meterworks.db')])
    if (done.status !== 0) throw new Error(String(done.stderr))
    await this.serve()
  }

  async close() {
    await this.server?.stop()
    await this.meters?.stop()
    await this.standIn?.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export async function residentHouseStart() {
  const house = new House()
  try {
    await begin(house)
    return house
  } catch (problem) {
    await house.close()
    throw problem
  }
}

async function begin(house) {
  house.folder = mkdtempSync(join(tmpdir(), 'meterworks-resident-'))
  house.data = join(house.folder, 'data')
  house.port = await portFree()
  house.address = `http://127.0.0.1:${house.port}`
  writeFileSync(join(house.folder, 'password'), `${PASSWORD}\n`)
  house.standIn = await standInStart(join(house.folder, 'channels'), house.address)
  house.meters = await metersStart(['--protocol', 'dlt645', '--count', '1', '--number', String(Number(METER)), '--baud', '38400', '--delay', '4'])
  const made = spawnSync(PROGRAM, ['init', '--data', house.data, '--tenant', '云榕水务', '--password-file', join(house.folder, 'password')])
  if (made.status !== 0) throw new Error(String(made.stderr))
  house.channels = house.standIn.path
  house.channelAddress = house.standIn.address
  await house.serve()
  await house.archiveMake()
  await house.cutOff()
}

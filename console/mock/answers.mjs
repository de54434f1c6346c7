// Which JSON each path answers. Lists page by offset; writes change only memory.
import { accounts, areas, customers, dayAdd, devices, draw, NOW_S, TODAY, usageOf, ZONE_S } from './town.mjs'

const RIGHTS = ['overview.read', 'devices.read', 'commands.read', 'money.read']
const ROLES = {
  administrator: [...RIGHTS, 'devices.write', 'commands.write', 'events.write', 'customers.write', 'payments.write', 'tariffs.write', 'settlement.run', 'people.reveal', 'people.write', 'settings.write', 'areas.write', 'audit.read'],
  operator: [...RIGHTS, 'devices.write', 'commands.write', 'events.write', 'areas.write'],
  clerk: [...RIGHTS, 'customers.write', 'payments.write', 'settlement.run', 'people.reveal'],
  viewer: RIGHTS,
}
const PERSON = { administrator: '李建国', operator: '张伟', clerk: '王静', viewer: '周监管' }
const DOCUMENT = { utility: 'water', unit: 'm3', cycle: 'month', limits: [22, 30], household: { kind: 'per_person', base: 4, add: 5 }, items: [{ name: 'water', prices: ['2.67', '4.01', '8.01'] }, { name: 'sewage', coef: '0.9', prices: ['0.90', '1.00', '1.10'] }, { name: 'garbage', coef: '0.9', price: '0.59' }] }
const LINES = [['water', 1, 220000, 1e8, 267000000, 13087], ['water', 2, 80000, 1e8, 401000000, 0], ['water', 3, 50000, 1e8, 801000000, 0], ['sewage', 1, 220000, 9e7, 90000000, 2997], ['sewage', 2, 80000, 9e7, 1e8, 0], ['sewage', 3, 50000, 9e7, 110000000, 0], ['garbage', 0, 350000, 9e7, 59000000, 1859]].map(([item, tier, quantity_e4, coefficient_e8, price_e8, amount_fen], line) => ({ line, item, tier, quantity_e4, coefficient_e8, price_e8, amount_fen }))
const HEX = '4402A1B2C3D4E5F6B2726411283C6C776D326D3D312E310D05623D5511036C743D3836343030'

const events = devices.filter((d) => d.status).flatMap((d, i) => [{ event_id: i + 1, device_id: d.device_id, meter_number: d.meter_number, place: d.place, kind: d.status & 2 ? 'valve_fault' : d.status & 4 ? ['small_leak', 'magnet', 'back_flow', 'over_flow'][i % 4] : d.status & 8 ? 'silent' : 'arrears', severity: d.status & 2 ? 2 : 1, raised_s: NOW_S - 3000 * (i + 1), received_s: NOW_S - 3000 * (i + 1) + 4, cleared_s: null, acknowledged_s: i % 5 === 4 ? NOW_S - 500 : null, acknowledged_by_name: i % 5 === 4 ? '张伟' : null, detail: d.status & 4 ? '6 L/h' : '' }])
const STATES = ['queued', 'verified', 'sent', 'delivered', 'executed', 'failed', 'expired', 'cancelled', 'verified']
const commands = Array.from({ length: 60 }, (_, i) => {
  const d = devices[(i * 7) % devices.length]
  const state = STATES[i % STATES.length]
  return { command_id: 60 - i, device_id: d.device_id, meter_number: d.meter_number, place: d.place, kind: ['read_now', 'close_valve', 'open_valve', 'recharge', 'set_clock'][i % 5], parameter: '', value: 0, amount_fen: i % 5 === 3 ? 10000 : 0, serial: i + 1, state, reason: ['欠费停供', '住户来电', '缴费后复供'][i % 3], outcome: state === 'verified' ? '11-20 03:10 上报: 阀位=开' : state === 'failed' ? '表拒绝: 阀门卡滞' : '', requested_by: i % 3 ? 2 : null, requested_by_name: i % 3 ? '张伟' : null, requested_s: NOW_S - i * 2700 - 60, expires_s: NOW_S + 200000, priority: 1, tries: 1, finished_s: null, expected_s: NOW_S + 59000 }
})
const bills = accounts.slice(0, 70).map((a, i) => ({ bill_id: i + 1, number: `B202611${String(i + 1).padStart(5, '0')}`, account_id: a.account_id, customer_id: a.customer_id, customer_name: a.customer_name, place: a.place, device_id: a.device_id, meter_number: a.meter_number, from_day: '2026-10-01', to_day: '2026-11-01', from_total_value: 447e6, to_total_value: 482e6, usage_value: 35e6, amount_fen: 17943, paid_fen: i % 3 ? 17943 : 0, state: i % 3 ? 'paid' : 'issued', estimated: i % 9 === 0, due_day: '2026-11-16', issued_s: NOW_S - 1600000, tariff_version_id: 1 }))
const payments = accounts.slice(0, 45).map((a, i) => ({ payment_id: 45 - i, receipt: `R20261120${String(45 - i).padStart(4, '0')}`, account_id: a.account_id, customer_id: a.customer_id, customer_name: a.customer_name, customer_number: a.customer_number, place: a.place, meter_number: a.meter_number, method: 'cash', amount_fen: 5000 + draw(100) * 100, cashier_name: '王静', at_s: NOW_S - i * 900, command_id: i % 4 ? null : 3, command_state: i % 4 ? null : 'verified' }))
const notices = accounts.filter((a) => a.stage !== 'good').map((a, i) => ({ notice_id: 900 - i, account_id: a.account_id, customer_name: a.customer_name, place: a.place, kind: a.stage === 'cut' ? 'cut' : 'low_first', channel: 'outbox', recipient: a.phones, text_zh: `【云榕水务】${a.place}水费余额¥18.20,约可用13天。请在公众号"云榕水务"缴费。详询88880000`, text_en: 'Your water balance is ¥18.20, about 13 days. Please top up in the Yunrong Water account. Help: 8888 0000', created_s: NOW_S - i * 4000 }))
const people = Object.keys(ROLES).map((role, i) => ({ person_id: i + 1, login: role, display_name: PERSON[role], role, area_id: 1, area_name: '云榕水务', language: 'zh', disabled: false, locked_until_s: i === 3 ? NOW_S + 600 : null, created_s: NOW_S - 9e6 }))
const setAside = devices.slice(30, 36).map((d, i) => ({ set_aside_id: i + 1, device_id: d.device_id, meter_number: d.meter_number, place: d.place, day: dayAdd(TODAY, -i), register_value: 912e6, expected_value: 88e6, reason: ['jump', 'backward', 'clock', 'conflict', 'range'][i % 5], received_s: NOW_S - 20000, decided_s: null, decision: null }))
const settings = [['cut_start_min', 'supply', 'clock_min', 'min', '510', 0, 1440, '允许停供时段开始', 'Permitted cut-off window begins'], ['cut_limit_per_run', 'supply', 'integer', '', '100', 1, 10000, '每批最多停供户数, 其余留到下一批', 'At most so many cut-offs per run; the rest waits for the next'], ['organisation_phone', 'organisation', 'text', '', '88880000', null, null, '消息中的服务电话', 'Service phone in messages']].map(([key, section, type, unit, value, minimum, maximum, help_zh, help_en]) => ({ key, section, type, unit, value, default: value, minimum, maximum, help_zh, help_en }))

const inArea = (query) => {
  const area = areas.find((a) => a.area_id === Number(query.get('area_id')))
  return area ? new Set(areas.filter((a) => a.path.startsWith(area.path)).map((a) => a.area_id)) : null
}
function list(items, query) {
  const limit = Number(query.get('limit') ?? 50)
  const at = Number(query.get('cursor') ?? 0)
  return { items: items.slice(at, at + limit), next: at + limit < items.length ? at + limit : null, count: items.length, count_exact: true }
}
const BITS = { cut: 1, fault: 2, alarm: 4, silent: 8 }
function devicesFind(query) {
  const scope = inArea(query)
  const status = query.get('status')
  const text = query.get('query')
  return devices.filter((d) => (!scope || scope.has(d.area_id)) && (!status || (status === 'normal' ? d.status === 0 : d.status & BITS[status])) && (!text || `${d.meter_number}${d.imei}${d.place.replaceAll(' ', '')}${d.customer_name}`.includes(text)))
}
function counts(rows) {
  const out = { normal: 0, cut: 0, fault: 0, alarm: 0, silent: 0, total: rows.length }
  for (const d of rows) out[d.status & 2 ? 'fault' : d.status & 4 ? 'alarm' : d.status & 1 ? 'cut' : d.status & 8 ? 'silent' : 'normal'] += 1
  return out
}
function board(query) {
  const rows = devicesFind(query)
  const tiles = query.get('tiles') === '1'
  const buildings = areas.filter((a) => a.kind === 'building').map((a) => ({ a, rows: rows.filter((d) => d.area_id === a.area_id) })).filter((b) => b.rows.length)
  return { as_of_s: NOW_S, counts: counts(rows), tiles, buildings: buildings.map(({ a, rows: own }) => ({ area_id: a.area_id, name: a.name, parent_name: areas[a.parent_area_id - 1].name, counts: counts(own), ...(tiles ? {} : { cells: own.map((d) => [d.device_id, d.status, d.room, d.meter_number]) }) })) }
}
function usage(id, query) {
  const items = usageOf(id, query.get('from') ?? dayAdd(TODAY, -30), query.get('to') ?? TODAY)
  return { step: query.get('step') ?? 'day', items, total_value: items.reduce((sum, p) => sum + (p.usage_value ?? 0), 0) }
}
function completeness(id, n) {
  const days = Array.from({ length: n }, (_, i) => dayAdd(TODAY, i - n + 1)).map((day, i) => ({ day, state: (i * 7 + id) % 23 === 0 ? 'missing' : i % 9 === 0 ? 'late' : 'on_time' }))
  return { from_day: days[0].day, to_day: TODAY, days, due: n, received: days.filter((d) => d.state !== 'missing').length, on_time: days.filter((d) => d.state === 'on_time').length }
}
const customerRow = (c) => ({ ...c, accounts_count: 1, balance_fen: accounts[c.customer_id - 1].balance_fen, owed_fen: accounts[c.customer_id - 1].owed_fen })
function search(text) {
  const devicesHit = devices.filter((d) => d.meter_number.endsWith(text) || d.place.replaceAll(' ', '').includes(text)).slice(0, 8)
  const people8 = customers.filter((c) => c.name.includes(text) || c.name_initials === text).slice(0, 8)
  return { groups: [{ kind: 'device', items: devicesHit.map((d) => ({ id: d.device_id, label: d.meter_number, detail: d.place, path: `/meters/${d.device_id}` })) }, { kind: 'customer', items: people8.map((c) => ({ id: c.customer_id, label: c.name, detail: c.number, path: `/customers/${c.customer_id}` })) }] }
}
function overview() {
  return {
    as_of_s: NOW_S, reporting: { due: 6096, on_time: 6017, eventual: 6090, on_time_rate_permille: 987, eventual_rate_permille: 999, target_permille: 980 }, supply: counts(devices),
    revenue: { today_fen: 4821650, cash_fen: 867900, debits_fen: 9e6, credits_fen: 9e6, balanced: true, checked_s: NOW_S - 7 },
    attention: events.slice(0, 9).map((e) => ({ kind: e.kind, severity: e.severity, object: { kind: 'device', id: e.device_id, label: `${e.place} ${e.meter_number}` }, since_s: e.raised_s, detail: e.detail })),
  }
}
function pay(body) {
  const a = accounts[body.account_id - 1]
  const before = a.balance_fen
  a.balance_fen += body.amount_fen
  a.owed_fen = Math.max(0, a.owed_fen - body.amount_fen)
  return { payment_id: 99, receipt: 'R202611200046', amount_fen: body.amount_fen, before_fen: before, balance_fen: a.balance_fen, will_restore: a.stage === 'cut' && a.balance_fen >= a.restore_fen, command_id: 61, at_s: NOW_S, duplicate: false }
}
const session = (role) => ({ person: { person_id: 1, display_name: PERSON[role], login: role, role, language: 'zh', tenant_id: 1, tenant_name: '云榕水务', area_id: 1, area_name: '云榕水务', permissions: ROLES[role] }, csrf_token: 'mock', expires_s: NOW_S + 28800 })
const document = (d) => ({ ...d, security: 'psk', register_modulus_value: 1e14, flow_limit_value_per_h: 3125000, start_register_value: 0, start_total_value: 0, installed_s: NOW_S - 8e6, report_time_s: 10980, replaces_device_id: null, physical_cell: 311, cell_id: 123456789, earfcn: 3736, clock_error_s: 2, recharge_serial: 4, firmware_version: '2.1.4', newest_day: TODAY, next_report_s: NOW_S + 59000, account: accounts[d.device_id - 1] })
const FIELDS = [{ offset: 0, size: 4, bytes: '4402A1B2', name: 'CoAP header', value: 'CON POST', meaning: 'version 1, confirmable, token 4 bytes', clause: 'RFC 7252 §3', children: [{ offset: 0, size: 1, bytes: '44', name: 'Ver/T/TKL', value: '1 / 0 / 4', meaning: 'confirmable', clause: 'RFC 7252 §3' }, { offset: 1, size: 1, bytes: '02', name: 'Code', value: '0.02', meaning: 'POST', clause: 'RFC 7252 §12.1.1' }, { offset: 2, size: 2, bytes: 'A1B2', name: 'Message ID', value: '41394', meaning: '', clause: 'RFC 7252 §4.4' }] }, { offset: 4, size: 4, bytes: 'C3D4E5F6', name: 'Token', value: 'c3d4e5f6', meaning: '', clause: 'RFC 7252 §5.3.1' }, { offset: 8, size: 3, bytes: 'B27264', name: 'Uri-Path', value: 'rd', meaning: 'registration', clause: 'LwM2M Transport §6.4' }]
const FRAME = { protocol: 'coap', protocol_name: 'CoAP', size: HEX.length / 2, bytes: HEX.toLowerCase(), fields: FIELDS, items: [], valid: true }

// [method, pattern, answer(id, query, body, role)]
const TABLE = [
  ['GET', '/clock', () => ({ now_s: NOW_S, zone_offset_s: ZONE_S, speed: 60 })],
  ['GET', '/demo', () => ({ enabled: true, speed: 60, now_s: NOW_S, seed: 7, chapter: '夜间: 错峰上报' })],
  ['POST', '/demo/speed', (id, query, body) => ({ enabled: true, speed: body.speed, now_s: NOW_S, seed: 7 })],
  ['GET', '/overview', () => overview()],
  ['GET', '/overview/trend', () => ({ days: usageOf(5, dayAdd(TODAY, -29), TODAY).map((p) => ({ day: p.day, usage_value: p.usage_value === null ? null : p.usage_value * 6000, received: 6050, due: 6096 })) })],
  ['GET', '/areas', (id, query) => {
    const above = areas.find((a) => a.area_id === Number(query.get('above')))
    const items = areas.map((a) => ({ ...a, parent_name: areas.find((p) => p.area_id === a.parent_area_id && p.kind !== 'company')?.name ?? '', has_areas: areas.some((c) => c.parent_area_id === a.area_id) }))
      .filter((a) => (!query.get('parent') || a.parent_area_id === Number(query.get('parent'))) && (!above || above.path.startsWith(a.path)) && (!query.get('query') || `${a.parent_name}${a.name}`.includes(query.get('query'))))
    return { items: items.slice(0, Number(query.get('limit') ?? 50)), next: null, count: items.length, count_exact: true }
  }],
  ['GET', '/board', (id, query) => board(query)],
  ['GET', '/devices', (id, query) => list(devicesFind(query), query)],
  ['GET', '/devices/#', (id) => document(devices[id - 1])],
  ['GET', '/devices/#/readings', (id, query) => list(usageOf(id, dayAdd(TODAY, -30), TODAY).filter((p) => p.register_value).reverse().map((p) => ({ ...p, received_s: Date.parse(p.day) / 1000 - 18000 })), query)],
  ['GET', '/devices/#/usage', (id, query) => usage(id, query)],
  ['GET', '/devices/#/completeness', (id, query) => completeness(id, Number(query.get('days') ?? 30))],
  ['GET', '/devices/#/events', (id, query) => list(events.slice(0, 6).map((e) => ({ ...e, device_id: id })), query)],
  ['GET', '/devices/#/commands', (id, query) => list(commands.slice(0, 9), query)],
  ['GET', '/devices/#/frames', (id, query) => list(Array.from({ length: 12 }, (_, i) => ({ frame_id: i, at_s: NOW_S - i * 43000, direction: i % 3 === 2 ? 1 : 0, hex: HEX, size: HEX.length / 2 })), query)],
  ['POST', '/devices/#/commands', () => commands[0]],
  ['GET', '/usage', (id, query) => usage(3, query)],
  ['GET', '/completeness', (id, query) => ({ ...completeness(3, 30), due: 182880, received: 182790, on_time: 180502, days: Array.from({ length: Number(query.get('days') ?? 30) }, (_, i) => ({ day: dayAdd(TODAY, i - 29), due: 6096, received: 6096 - (i % 5) * 9, on_time: 6017 - (i % 5) * 11 })), buildings: areas.filter((a) => a.kind === 'building').slice(0, 5).map((a, i) => ({ area_id: a.area_id, name: a.name, parent_name: areas[a.parent_area_id - 1].name, devices: a.devices, due: a.devices * 30, received: a.devices * 30 - 20 + i * 4, on_time: a.devices * 30 - 40, missing: 20 - i * 4 })) })],
  ['GET', '/set-aside', (id, query) => list(setAside, query)],
  ['GET', '/commands', (id, query) => list(commands.filter((c) => !query.get('state') || c.state === query.get('state')), query)],
  ['GET', '/commands/#', (id) => ({ ...commands[60 - id], steps: ['queued', 'sent', 'delivered'].map((state, step) => ({ step, state, at_s: NOW_S - 5000 + step * 60, detail: '' })) })],
  ['GET', '/events', (id, query) => list(events, query)],
  ['GET', '/notices', (id, query) => list(notices, query)],
  ['GET', '/customers', (id, query) => list(customers.filter((c) => !query.get('query') || c.name.includes(query.get('query')) || c.name_initials === query.get('query')).map(customerRow), query)],
  ['GET', '/customers/#', (id) => ({ ...customerRow(customers[id - 1]), accounts: [accounts[id - 1]], timeline: [{ at_s: NOW_S - 4000, kind: 'payment', title: 'R202611200041', amount_fen: 10000, reference: 1, state: 'verified' }, { at_s: NOW_S - 90000, kind: 'notice', title: 'low_first', amount_fen: null, reference: 2, state: 'outbox' }, { at_s: NOW_S - 1600000, kind: 'bill', title: 'B20261100001', amount_fen: 17943, reference: 1, state: 'paid' }, { at_s: NOW_S - 1700000, kind: 'command', title: 'open_valve', amount_fen: null, reference: 1, state: 'verified' }] })],
  ['GET', '/accounts/#', (id) => accounts[id - 1]],
  ['GET', '/accounts/#/statement', (id, query) => list(Array.from({ length: 30 }, (_, i) => ({ transfer_id: 30 - i, at_s: NOW_S - i * 86400, kind: i % 9 === 0 ? 'payment' : 'charge', debit_fen: i % 9 === 0 ? null : 87, credit_fen: i % 9 === 0 ? 10000 : null, balance_fen: 8760 + i * 87, reference: 1 })), query)],
  ['GET', '/accounts/#/charges', (id, query) => list(Array.from({ length: 30 }, (_, i) => ({ day: dayAdd(TODAY, -i - 1), usage_value: 245000, from_total_value: 7572000 - i * 245000, to_total_value: 7817000 - i * 245000, cycle_used_value: 6e6, amount_fen: 87, tariff_version_id: 1 })), query)],
  ['GET', '/accounts/#/notices', (id, query) => list(notices.slice(0, 3), query)],
  ['GET', '/cash-desk/find', (id, query) => ({ items: query.get('query') ? accounts.filter((a) => [a.customer_number, a.customer_name].includes(query.get('query')) || a.meter_number.endsWith(query.get('query')) || customers[a.customer_id - 1].name_initials === query.get('query')).sort((a, b) => b.owed_fen - a.owed_fen).slice(0, 6) : [], shift: { payments: 37, total_fen: 727500, cash_fen: 286000, shift_id: 7, number: 'S20261121-000007', opened_s: NOW_S - 9000, float_fen: 20000 } })],
  ['POST', '/payments', (id, query, body) => pay(body)],
  ['GET', '/payments', (id, query) => list(payments, query)],
  ['GET', '/tariffs', (id, query) => list([{ tariff_id: 1, name: '居民生活用水', utility: 'water', accounts: 6102, versions: [{ tariff_version_id: 1, effective_day: '2024-01-01', created_s: 1 }, { tariff_version_id: 2, effective_day: '2026-12-01', created_s: 1 }] }], query)],
  ['GET', '/tariffs/#', () => ({ tariff_id: 1, name: '居民生活用水', utility: 'water', accounts: 6102, versions: [{ tariff_version_id: 1, effective_day: '2024-01-01', created_s: 1, created_by_name: null, document: DOCUMENT }, { tariff_version_id: 2, effective_day: '2026-12-01', created_s: 1, created_by_name: '李建国', document: { ...DOCUMENT, items: DOCUMENT.items.map((item, i) => (i ? item : { ...item, prices: ['2.80', '4.20', '8.40'] })) } }] })],
  ['POST', '/tariffs/trial', () => ({ lines: LINES, total_fen: 17943 })],
  ['GET', '/bills', (id, query) => list(bills.filter((b) => !query.get('state') || b.state === query.get('state')), query)],
  ['GET', '/bills/#', (id) => ({ ...bills[id - 1], tariff_id: 1, tariff_name: '居民生活用水', effective_day: '2024-01-01', lines: LINES, readings: [['2026-10-01', 447e6], ['2026-11-01', 482e6]].map(([day, ml]) => ({ day, register_value: ml, total_value: ml, quality: 0, received_s: Date.parse(day) / 1000 - 17000 })) })],
  ['GET', '/settlement/preview', () => ({ to_day: TODAY, ready: 6443, estimated: 142, held: 43, amount_fen: null, exceptions: accounts.slice(40, 48).map((a, i) => ({ account_id: a.account_id, customer_name: a.customer_name, place: a.place, device_id: a.device_id, kind: ['jump', 'missing_reading', 'zero', 'negative'][i % 4], usage_value: i % 4 === 1 ? null : 96e6, usual_value: 12e6, amount_fen: null, detail: '' })), next: null, looked: 0, meters_in_all: 6096 })],
  ['GET', '/arrears', (id, query) => list(accounts.filter((a) => (query.get('stage') ? a.stage === query.get('stage') : a.stage !== 'good')), query)],
  ['GET', '/ledger/trial-balance', () => ({ items: [['cash', '', 4821650, 0], ['wallet', '', 3120000, 4821650], ['revenue', 'water', 0, 2100000], ['revenue', 'sewage', 0, 820000], ['revenue', 'garbage', 0, 200000]].map(([kind, name, debits_fen, credits_fen]) => ({ kind, name, debits_fen, credits_fen, balance_fen: credits_fen - debits_fen })), debits_fen: 7941650, credits_fen: 7941650, balanced: true, checked_s: NOW_S })],
  ['GET', '/people', (id, query) => list(people, query)],
  ['GET', '/settings', () => ({ items: settings })],
  ['GET', '/audit', (id, query) => list(Array.from({ length: 40 }, (_, i) => ({ audit_id: 40 - i, at_s: NOW_S - i * 700, person_id: 2, person_name: i % 4 ? '王静' : null, action: ['payment.take', 'session.open', 'command.request'][i % 3], object_kind: 'account', object_id: i + 1, detail: '¥100.00' })), query)],
  ['GET', '/search', (id, query) => search(query.get('query'))],
  ['GET', '/health', () => ({ status: 'ok', version: '0.1.0', uptime_s: 86400, counters: [{ name: 'coap_messages_received', value: 182341, description: 'datagrams that were CoAP' }, { name: 'dtls_handshakes_refused', value: 3, description: 'unknown identity or wrong key' }, { name: 'store_rollbacks', value: 0, description: 'transactions undone' }] })],
  ['GET', '/decode', () => ({ items: [{ name: 'coap', name_en: 'CoAP and LwM2M over UDP', name_zh: 'CoAP 与 LwM2M（UDP）', stream: false }] })],
  ['POST', '/decode', (id, query, body) => (body.text ? { frames: [FRAME], rest: [], truncated: false } : FRAME)],
]

export function answers(method, path, query, body, cookies) {
  const role = /role=(\w+)/.exec(cookies)?.[1]
  if (path === '/session' && method === 'DELETE') return { body: {}, cookie: 'role=; Max-Age=0' }
  if (method === 'POST' && (path === '/session' || path === '/demo/session')) {
    const wanted = body.role ?? body.login
    return ROLES[wanted] ? { body: session(wanted), cookie: `role=${wanted}` } : { status: 401, body: { error: { code: 'sign_in', message: '用户名或密码不对', reference: 'E-7Q2F' } } }
  }
  if (path === '/session') return role ? { body: session(role) } : { status: 401, body: { error: { code: 'no_session', message: '' } } }
  const pattern = path.replace(/\/\d+/, '/#')
  const id = Number(/\/(\d+)/.exec(path)?.[1] ?? 0)
  const row = TABLE.find(([m, p]) => m === method && p === pattern)
  if (!row) return method === 'GET' ? { status: 404, body: { error: { code: 'not_found', message: '', reference: 'E-0404' } } } : { body: {} }
  return { body: row[2](id, query, body, role) }
}

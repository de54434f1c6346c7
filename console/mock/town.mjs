// An invented town for work on the screens: the same rows at every start, no randomness from outside.

export const NOW_S = Date.UTC(2026, 10, 20, 2, 42, 7) / 1000
export const ZONE_S = 28800

let seed = 20261120
export function draw(bound) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 4294967296) * bound)
}

export const dayOf = (s) => new Date((s + ZONE_S) * 1000).toISOString().slice(0, 10)
export const dayAdd = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86400000).toISOString().slice(0, 10)
export const TODAY = dayOf(NOW_S)

const NAMES = ['陈佳怡 cjy', '林志远 lzy', '许文博 xwb', '何秀兰 hxl', '周子轩 zzx', '黄丽娟 hlj', '李建国 ljg', '王静 wj', '张伟 zw', '吴㛃 wj']

export const areas = [{ area_id: 1, parent_area_id: null, kind: 'company', name: '云榕水务', path: '/1/', devices: 0 }]
export const devices = []
export const accounts = []
export const customers = []

function area(parent, kind, name) {
  const id = areas.length + 1
  areas.push({ area_id: id, parent_area_id: parent.area_id, kind, name, path: `${parent.path}${id}/`, devices: 0 })
  return areas[id - 1]
}

const STATUS = [1, 1, 2, 4, 4, 8, 5, 6]

function device(building, estate, room) {
  const id = devices.length + 1
  const odd = draw(100)
  const status = odd < 9 ? STATUS[draw(STATUS.length)] : 0
  const total = (20 + draw(400)) * 1000000 + draw(1000) * 1000
  const row = {
    device_id: id, meter_number: String(31200004000 + id * 7).padStart(12, '0'), imei: String(861234050000000 + id * 13), room, area_id: building.area_id,
    area_name: building.name, place: `${estate.name} ${building.name} ${room}`, maker: '云榕仪表', profile: 'nbiot-water-prepaid', size_dn_mm: 15, status,
    last_received_s: NOW_S - (status & 8 ? 260000 : 25000 + draw(3000)), last_report_s: NOW_S - 25100, register_value: total, total_value: total, balance_fen: 3000,
    valve_state: status & 1 ? 1 : 0, alarm_bits: 0, battery_mv: 3300 + draw(320), rsrp_dbm: -80 - draw(45), snr_db: 9 - draw(12), coverage_level: draw(10) > 8 ? 1 : 0,
    customer_id: null, customer_name: null, account_id: null, removed_s: null,
  }
  devices.push(row)
  building.devices += 1
  estate.devices += 1
  areas[0].devices += 1
  return row
}

function account(meter) {
  const id = accounts.length + 1
  const [name, initials] = NAMES[id % NAMES.length].split(' ')
  const cut = (meter.status & 1) !== 0
  const mode = ['prepaid_platform', 'prepaid_platform', 'postpaid', 'prepaid_meter'][id % 4]
  const stage = cut ? 'cut' : id % 17 === 0 ? 'overdraft' : id % 13 === 0 ? 'low_first' : id % 29 === 0 ? 'final_notice' : 'good'
  const balance = stage === 'good' ? 2500 + draw(20000) : stage === 'low_first' ? 900 : -400 - draw(4000)
  customers.push({ customer_id: id, number: String(100400 + id), name, name_initials: initials, phones: `138****${String(1000 + id).slice(-4)}`, protected_until_s: id % 31 === 0 ? NOW_S + 9000000 : 0, protected_reason: id % 31 === 0 ? '家用呼吸机' : '', created_s: NOW_S - 9e6 })
  accounts.push({
    account_id: id, customer_id: id, customer_number: String(100400 + id), customer_name: name, phones: `138****${String(1000 + id).slice(-4)}`, device_id: meter.device_id, meter_number: meter.meter_number,
    area_id: meter.area_id, area_name: meter.area_name, place: meter.place, tariff_id: 1, tariff_name: '居民生活用水', payment_mode: mode, persons: 3, balance_fen: mode === 'postpaid' ? 0 : balance,
    owed_fen: balance < 0 ? -balance : 0, meter_balance_fen: mode === 'prepaid_meter' ? balance : null, stage, stage_since_s: NOW_S - draw(400000), final_notice_s: stage === 'final_notice' ? NOW_S - 40000 : null,
    low_balance_fen: 2000, overdraft_fen: 1000, restore_fen: 2000, grace_h: 24, settlement_day: 1, settled_day: TODAY, billed_day: '2026-11-01', cycle_used_value: 96000000 + draw(90000) * 1000,
    valve_state: meter.valve_state, status: meter.status, protected_until_s: id % 31 === 0 ? NOW_S + 9000000 : 0, opened_s: NOW_S - 8e6, closed_s: null, will_cut_s: stage === 'final_notice' ? NOW_S + 46000 : null, blocked_reason: null, notices: [],
  })
  Object.assign(meter, { customer_id: id, customer_name: name, account_id: id })
}

function build() {
  const district = area(areas[0], 'district', '榕城片区')
  for (const [name, buildings, floors, doors] of [['榕荫花园', 8, 12, 4], ['云山学院', 3, 9, 6], ['鹭湾广场', 2, 4, 8]]) {
    const estate = area(district, 'estate', name)
    for (let b = 1; b <= buildings; b++) {
      const building = area(estate, 'building', `${b}栋`)
      for (let f = 1; f <= floors; f++) for (let d = 1; d <= doors; d++) account(device(building, estate, `${f}0${d}`))
    }
  }
}
build()
// The figure of the story: about to be restored by a payment.
Object.assign(accounts[11], { customer_name: '陈佳怡', payment_mode: 'prepaid_platform', balance_fen: -1240, owed_fen: 1240, stage: 'cut', valve_state: 1, status: 1 })
Object.assign(devices[11], { status: 1, valve_state: 1, customer_name: '陈佳怡' })
customers[11].name = '陈佳怡'

export function usageOf(id, from, to) {
  const items = []
  for (let day = from; day <= to; day = dayAdd(day, 1)) {
    const n = Date.parse(day) / 86400000
    const missing = (n * 7 + id * 3) % 23 === 0 || day >= TODAY
    const estimated = (n * 5 + id) % 19 === 0
    items.push({ day, usage_value: missing ? null : (((n * 7919 + id * 104729) % 420) + 60) * 1000, estimated: !missing && estimated, register_value: missing ? null : 7000000 + (n - 20000) * 320000, quality: missing ? null : estimated ? 3 : n % 6 === 0 ? 1 : 0, mark: n % 37 === 0 ? 'exchange' : null })
  }
  return items
}

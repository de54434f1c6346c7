// The status bits of a meter and how they are shown. Worst first: fault, alarm, cut, silent.

export type StatusName = 'fault' | 'alarm' | 'cut' | 'silent' | 'normal'

export const STATUS_CUT = 1
export const STATUS_FAULT = 2
export const STATUS_ALARM = 4
export const STATUS_SILENT = 8

export const STATUS_ORDER: StatusName[] = ['normal', 'cut', 'fault', 'alarm', 'silent']

export const STATUS_GLYPH: Record<StatusName, string> = { normal: '□', cut: '■', fault: '▲', alarm: '◆', silent: '░' }

export function statusWorst(bits: number): StatusName {
  if (bits & STATUS_FAULT) return 'fault'
  if (bits & STATUS_ALARM) return 'alarm'
  if (bits & STATUS_CUT) return 'cut'
  return bits & STATUS_SILENT ? 'silent' : 'normal'
}

/** Every state that holds, worst first; ["normal"] when none does. */
export function statusNames(bits: number): StatusName[] {
  const names: StatusName[] = []
  if (bits & STATUS_FAULT) names.push('fault')
  if (bits & STATUS_ALARM) names.push('alarm')
  if (bits & STATUS_CUT) names.push('cut')
  if (bits & STATUS_SILENT) names.push('silent')
  return names.length > 0 ? names : ['normal']
}

export const VALVE_NAMES = ['open', 'closed', 'moving', 'fault', 'none'] as const

export const QUALITY_NAMES = ['on_time', 'late', 'corrected', 'estimated'] as const

/** Alarm bits in the order of the water meter's alarm resource. */
export const ALARM_NAMES = [
  'over_flow', 'small_leak', 'reed_switch', 'leak_valve_closed', 'moved', 'battery',
  'arrears', 'magnet', 'back_flow', 'valve_fault', 'housing', 'clock',
] as const

/** The kinds of meter, as the API names them. */
export const METER_KINDS = ['cold_water', 'hot_water', 'electricity', 'gas', 'heat'] as const

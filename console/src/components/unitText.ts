// Units that a meter holds, in words.
import { quantityText } from '@/format/quantity'

/** "81.00 kWh", "12.000 m³"; "—" when nobody knows. */
export function unitText(value: number | null | undefined, deviceKind: string | null | undefined): string {
  return quantityText(value, deviceKind === 'electricity' ? 'mWh' : 'ml')
}

/** The words of how an account pays: the mode, and whether its meter holds units. */
export function modeKey(account: { payment_mode: string; holds_units?: boolean }): string {
  return account.holds_units ? 'units.mode' : `account.modes.${account.payment_mode}`
}

/** What the API is told for a way of paying; prepaid_units is prepaid_meter on a meter that holds units. */
export function ownerFields(mode: string): { payment_mode: string; meter_holds?: string } {
  if (mode === 'prepaid_units') return { payment_mode: 'prepaid_meter', meter_holds: 'units' }
  return mode === 'prepaid_meter' ? { payment_mode: mode, meter_holds: 'money' } : { payment_mode: mode }
}

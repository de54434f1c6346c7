// What a person typed about a meter, judged before the server judges it again.
import { digitsNormalise } from '@/format/money'

type Translate = (key: string, values?: Record<string, unknown>) => string

/** '' when the number fits: 12 or 14 digits with a radio of its own, 6 to 14 on a line. */
export function meterNumberProblem(text: string, wired: boolean, t: Translate): string {
  const digits = digitsNormalise(text)
  if (digits === '' || (wired ? /^\d{6,14}$/ : /^(\d{12}|\d{14})$/).test(digits)) return ''
  return t(wired ? 'archive.number_line_rule' : 'archive.number_rule', { n: digits.length })
}

/** A transformer is two numbers or none. */
export function ratioProblem(primary: string, secondary: string, t: Translate): string {
  const both = [primary, secondary].map(digitsNormalise)
  if (both.every((text) => text === '') || both.every((text) => /^[1-9]\d{0,6}$/.test(text))) return ''
  return t('archive.ratio_rule')
}

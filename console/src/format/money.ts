// Money is an integer number of fen everywhere; text appears only at the edge.
// The minus is the true minus sign and there are always two decimals.

const MINUS = '\u2212'

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** "¥1,234.50", "−¥12.40"; "—" when unknown. */
export function moneyText(fen: number | null | undefined): string {
  if (fen === null || fen === undefined) return '—'
  const size = Math.abs(fen)
  const yuan = grouped(String(Math.trunc(size / 100)))
  const cents = String(size % 100).padStart(2, '0')
  return `${fen < 0 ? MINUS : ''}¥${yuan}.${cents}`
}

/** Full-width digits, spaces, the yuan sign and commas are what a cashier's keyboard produces. */
export function digitsNormalise(text: string): string {
  return text
    .replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, '.')
    .replace(/[\s,，￥¥元]/g, '')
}

/** Parses "100", "100.5", "￥１００．００" into fen; null when it is not an amount. */
export function moneyParse(text: string): number | null {
  const match = /^(\d{1,9})(?:\.(\d{0,2}))?$/.exec(digitsNormalise(text))
  if (!match) return null
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0') || '0')
}

/** A unit price in 1e-8 yuan as the shortest exact decimal with at least two places. */
export function priceText(priceE8: number): string {
  const sign = priceE8 < 0 ? MINUS : ''
  const size = Math.abs(priceE8)
  const whole = Math.trunc(size / 1e8)
  let fraction = String(size % 1e8).padStart(8, '0').replace(/0+$/, '')
  fraction = fraction.padEnd(2, '0')
  return `${sign}¥${grouped(String(whole))}.${fraction}`
}
